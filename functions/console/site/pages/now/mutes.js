// The mutes that are in force.

import { html } from "../../html.js";
import { Panel } from "../../parts/panel.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

const SHORT = 8;

/** @param {{mutes: any[], channels: any[]}} props */
export function Mutes({ mutes, channels }) {
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  const columns = [
    { name: "reason", title: t("now.reason"), wide: true },
    { name: "about", title: t("now.about"), render: (/** @type {any} */ mute) => html`<${About} mute=${mute} names=${names} />` },
    { name: "until", title: t("now.until"), render: (/** @type {any} */ { until }) => html`<${Time} at=${until} />` },
  ];
  return html`
    <${Panel} title=${t("now.mutes")} actions=${html`<a href="#/mutes">${t("now.all_mutes")}</a>`}>
      <${Table} caption=${t("now.mutes")} columns=${columns} rows=${mutes} rowKey=${(/** @type {any} */ { id }) => id} empty=${t("now.no_mutes")} />
    <//>
  `;
}

/** @param {{mute: any, names: Map<string, string>}} props */
function About({ mute, names }) {
  const { rule_id: rule, channel_id: channel, rule_type: type } = mute;
  const clauses = mute.where ?? (mute.condition ? [JSON.stringify(mute.condition)] : []);
  const parts = [
    rule && html`${t("now.rule")} <a class="mono nowrap" href=${link(`/rules/${rule}`)}>${rule.slice(0, SHORT)}</a>`,
    channel && html`${t("now.channel")} <a href=${link(`/channels/${channel}`)}>${names.get(channel) ?? channel.slice(0, SHORT)}</a>`,
    type && html`${t("now.type")} <a class="mono" href=${link(`/types/${encodeURIComponent(type)}`)}>${type}</a>`,
    ...clauses.map((/** @type {string} */ clause) => html`${t("mutes.where")} <code><${Value} value=${clause} /></code>`),
  ].filter(Boolean);
  return parts.length ? parts.map((part) => html`<div>${part}</div>`) : t("now.everything");
}
