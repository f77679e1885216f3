// A message roughly as its service shows it: texts in their places, not each service's design.

import { html } from "../../html.js";
import { t } from "../../texts/t.js";

/** @type {Record<string, string>} */
const NAMES = {
  slack: "Slack",
  teams: "Microsoft Teams",
  discord: "Discord",
  pagerduty: "PagerDuty",
  mattermost: "Mattermost",
  "google-chat": "Google Chat",
  telegram: "Telegram",
  ntfy: "ntfy",
  email: "Email",
  webhook: "Webhook",
};
const LEVELS = ["info", "success", "warning", "error", "critical"];

/** @param {{told: any}} props What the service says of the preview. */
export function Preview({ told }) {
  const place = told.preset ?? told.channel_type;
  const name = NAMES[place] ?? place;
  const level = LEVELS.includes(told.shown?.level) ? told.shown.level : "info";
  return html`
    <section class="preview" aria-label=${t("rule.preview", { name })}>
      <h3>${t("rule.preview", { name })}</h3>
      <article class=${`picture level-${level}`} data-place=${place}>
        ${told.subject !== null && html`<p class="subject">${told.subject}</p>`}
        ${told.shown ? html`<${Message} told=${told} />` : html`<${Body} body=${told.body} />`}
      </article>
      ${told.warnings.map((/** @type {string} */ warning) => html`<p class="warning small" key=${warning}><span aria-hidden="true">▲ </span>${warning}</p>`)}
      ${told.shown && html`<details><summary>${t("rule.body")}</summary><pre class="code" tabindex="0" role="region" aria-label=${t("rule.body")}>${readable(told.body)}</pre></details>`}
    </section>
  `;
}

/** @param {{told: any}} props */
function Message({ told }) {
  const { shown } = told;
  return html`
    ${told.subject === null && html`<p class="sender"><strong>Backend.AI</strong> <small>${shown.time}</small></p>`}
    <div class="card">
      <p class="level">${shown.level}</p>
      <h4>${shown.title}</h4>
      ${shown.text && html`<p class="text">${shown.text}</p>`}
      ${shown.fields.length > 0 && html`
        <dl>${shown.fields.map((/** @type {any} */ field, /** @type {number} */ at) => html`<div key=${at}><dt>${field.label}</dt><dd>${field.value}</dd></div>`)}</dl>
      `}
      ${shown.link && html`<${Link} link=${shown.link} />`}
      <p class="foot">${[shown.time, told.rule_type, told.event_id].join(" · ")}</p>
      ${shown.dedup && html`<p class="foot">${t("rule.incident", { key: shown.dedup, action: shown.action ?? "trigger" })}</p>`}
    </div>
  `;
}

/** A link to a web address; anything else only as text. @param {{link: string}} props */
function Link({ link }) {
  const isWeb = URL.canParse(link) && ["http:", "https:"].includes(new URL(link).protocol);
  return html`<p class="text">${isWeb ? html`<a href=${link} rel="noreferrer noopener" target="_blank">${link}</a>` : link}</p>`;
}

/** @param {{body: string}} props */
function Body({ body }) {
  return body ? html`<pre class="body" tabindex="0" role="group" aria-label=${t("rule.body")}>${readable(body)}</pre>` : html`<p>${t("rule.nothing_sent")}</p>`;
}

/** Indent JSON; any other text stays as it is. @param {string} body */
function readable(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
