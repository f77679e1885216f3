// The rules of a channel or of an event type.

import { html } from "../html.js";
import { searchAll } from "../service/search.js";
import { link } from "../shell/router.js";
import { t } from "../texts/t.js";
import { Status } from "./status.js";
import { Table } from "./table.js";
import { Value } from "./value.js";

/**
 * @param {import("../service/client.js").Client} client
 * @param {Record<string, unknown>} filter
 * @param {AbortSignal} signal
 * @returns {Promise<any[]>} all rules that fit, by name
 */
export function rulesOf(client, filter, signal) {
  return searchAll(client, "rules", { signal }, filter);
}

/**
 * @param {object} props
 * @param {any[]} props.rules
 * @param {string} props.caption
 * @param {string} props.empty
 * @param {"type" | "channel"} props.of what is told of each rule besides its name
 */
export function RulesTable({ rules, caption, empty, of }) {
  const other =
    of === "type"
      ? {
          name: "rule_type",
          title: t("rules_of.type"),
          render: (/** @type {any} */ rule) => html`<a href=${link(`/types/${encodeURIComponent(rule.rule_type)}`)}>${rule.rule_type}</a>`,
        }
      : {
          name: "channel",
          title: t("rules_of.channel"),
          render: (/** @type {any} */ rule) => html`<a href=${link(`/channels/${rule.channel_id}`)}><${Value} value=${rule.channel?.name ?? rule.channel_id} /></a>`,
        };
  return html`<${Table}
    caption=${caption}
    rows=${rules}
    rowKey=${(/** @type {any} */ rule) => rule.id}
    empty=${empty}
    columns=${[
      {
        name: "name",
        title: t("rules_of.name"),
        wide: true,
        render: (/** @type {any} */ rule) => html`<a href=${link(`/rules/${rule.id}`)}><${Value} value=${rule.name} /></a>`,
      },
      other,
      {
        name: "enabled",
        title: t("rules_of.state"),
        render: (/** @type {any} */ rule) => html`<${Status} value=${rule.enabled ? (rule.observe ? "observed" : "enabled") : "disabled"} />`,
      },
    ]}
  />`;
}
