// What a mute keeps back; all that it names must fit.

import { html } from "../../html.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/** @param {{mute: any}} props */
export function About({ mute }) {
  if (mute.everything) return html`<strong>${t("mutes.everything")}</strong>`;
  const clauses = mute.where ?? (mute.condition ? [JSON.stringify(mute.condition)] : []);
  return html`
    ${mute.rule_id && html`<div>${t("mutes.rule")} <${Named} path="rules" id=${mute.rule_id} name=${mute.rule} /></div>`}
    ${mute.channel_id && html`<div>${t("mutes.channel")} <${Named} path="channels" id=${mute.channel_id} name=${mute.channel} /></div>`}
    ${mute.rule_type && html`<div>${t("mutes.type")} <a href=${link(`/types/${encodeURIComponent(mute.rule_type)}`)}>${mute.rule_type}</a></div>`}
    ${clauses.map((/** @type {string} */ clause) => html`<div key=${clause}>${t("mutes.where")} <code><${Value} value=${clause} /></code></div>`)}
  `;
}

/** @param {{path: string, id: string, name: string | null}} props `name`: null of what was deleted */
function Named({ path, id, name }) {
  return name === null ? html`<span class="mono">${id}</span> ${t("mutes.deleted")}` : html`<a href=${link(`/${path}/${id}`)}><${Value} value=${name} /></a>`;
}
