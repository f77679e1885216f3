// What one rule made of the event: in a line, and all about it when that is opened.

import { html, useState } from "../../html.js";
import { Headers } from "../../parts/attempts.js";
import { Facts } from "../../parts/facts.js";
import { Reason } from "../../parts/reason.js";
import { Resend } from "../../parts/resend.js";
import { Status } from "../../parts/status.js";
import { Time } from "../../parts/time.js";
import { readable, Text, Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/** @param {{rule: any, actions: any}} props */
export function Rule({ rule, actions }) {
  const [open, setOpen] = useState(false);
  const { delivery } = rule;
  return html`
    <li>
      <details onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="name"><${Value} value=${rule.name ?? rule.rule_id} most=${80} /> <span class="soft">→ <${Value} value=${rule.channel ?? rule.channel_id ?? t("event.no_channel")} most=${60} /></span></span>
          <span class="row tight">
            ${delivery && html`<${Status} value=${delivery.status} />`}
            ${delivery?.last_status && html`<span class="mono soft">${delivery.last_status}</span>`}
            <span class="soft"><${Value} value=${why(rule)} most=${160} /></span>
          </span>
        </summary>
        ${open && html`<${Details} rule=${rule} actions=${actions} />`}
      </details>
    </li>
  `;
}

/**
 * What the line says besides the status: why it is not sent, or what decided that it is.
 * @param {any} rule
 */
function why({ reason, deciding, delivery }) {
  if (delivery && delivery.status !== "delivered" && delivery.reason) return delivery.reason;
  return reason ?? (deciding ? t("event.because", { path: deciding.path, seen: deciding.seen }) : "");
}

/** @param {{rule: any, actions: any}} props */
function Details({ rule, actions: { client, can, reload } }) {
  const { deciding, delivery, mute } = rule;
  const facts = [
    { name: t("event.rule"), value: html`<a href=${link(`/rules/${rule.rule_id}`)}><${Value} value=${rule.name ?? rule.rule_id} /></a> ${rule.revision !== null && t("event.revision", { number: rule.revision })}` },
    { name: t("event.channel"), value: rule.channel_id && html`<a href=${link(`/channels/${rule.channel_id}`)}><${Value} value=${rule.channel ?? rule.channel_id} /></a>` },
    { name: t("event.seen"), value: deciding && html`<code><${Value} value=${`${deciding.path}: ${deciding.seen}`} /></code>` },
    { name: t("event.needed"), value: deciding && html`<code><${Value} value=${deciding.clause} /></code> <span lang="en"><${Value} value=${deciding.needed} /></span>` },
    { name: t("event.why"), value: rule.reason && html`<${Reason} reason=${delivery?.reason && rule.reason.startsWith(delivery.reason) ? delivery.reason : rule.reason} />` },
    { name: t("event.mute"), value: mute && html`<a href=${link("/mutes", { mute: mute.id })}><${Value} value=${mute.reason} /></a> ${mute.until && html`${t("event.until")} <${Time} at=${mute.until} exact />`} ${mute.hold && t("event.held_until_then")}` },
    { name: t("event.delivery"), value: delivery && html`<a href=${link(`/deliveries/${delivery.id}`)}>${t("event.to_delivery", { count: delivery.attempt_count })}</a>` },
    { name: t("event.recipients"), value: rule.recipients?.length > 0 && html`<${Value} value=${rule.recipients.join(", ")} />` },
    { name: t("event.subject"), value: rule.subject && html`<${Value} value=${rule.subject} />` },
    { name: "SHA-256", value: rule.sha256 && html`<span class="mono"><${Value} value=${rule.sha256} /></span>` },
  ];
  return html`
    <div class="stack">
      <${Facts} facts=${facts.map((fact) => ({ ...fact, value: fact.value || null }))} />
      ${Object.entries(rule.unsent ?? {}).map(([name, reason]) => html`<p class="wrong" key=${name}>${t("event.not_to")} <${Value} value=${name} />: <${Value} value=${reason} /></p>`)}
      ${rule.headers && html`<${Headers} title=${`${rule.method} ${rule.url}`} headers=${rule.headers} />`}
      ${rule.message !== null && html`<${Text} value=${readable(rule.message)} label=${t("event.message")} />`}
      ${rule.message_cut && html`<p class="hint">${t("event.message_cut")}</p>`}
      ${delivery && html`<p><${Resend} client=${client} can=${can} id=${delivery.id} onDone=${reload} /></p>`}
    </div>
  `;
}
