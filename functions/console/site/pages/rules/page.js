// All rules: what each sends, where, and on what condition.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { Panel } from "../../parts/panel.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { searchAll, searchSome } from "../../service/search.js";
import { go, link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Filters } from "./filters.js";
import { filterOf, lineOf } from "./search.js";

const PAGE = 50;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Rules({ client, params, setParams, can }) {
  const [limit, setLimit] = useState(PAGE);
  const search = JSON.stringify(filterOf(params));
  const found = useLoaded(
    (signal) => searchSome(client, "rules", { signal }, JSON.parse(search), limit),
    [client, search, limit],
  );
  const known = useLoaded((signal) => choices(client, signal), [client]);
  const { found: rules, total } = found.value ?? { found: [], total: 0 };
  return html`
    <${Heading} title=${t("rules.menu")} lead=${t("rules.lead")}>
      <${Action} can=${can} needs="editor" kind="primary" onClick=${() => go("/rules/new", { type: params["type"], channel: params["channel"] })}>${t("rules.new")}<//>
    <//>
    <${Panel} title=${t("rules.list")}>
      <${Filters} params=${params} setParams=${setParams} known=${known.value} />
      <${Fault} problem=${found.problem} retry=${found.reload} />
      ${found.value
        ? html`
            <${Table} caption=${t("rules.menu")} columns=${columns()} rows=${rules} rowKey=${(/** @type {any} */ rule) => rule.id} empty=${t("rules.none")} />
            <${Pager} shown=${rules.length} total=${total} more=${rules.length < total} loading=${found.loading} onMore=${() => setLimit(limit + PAGE)} />
          `
        : found.problem || html`<${Loading} />`}
      <${Command} line=${lineOf(params)} />
    <//>
  `;
}

/** @param {import("../../service/client.js").Client} client @param {AbortSignal} signal */
async function choices(client, signal) {
  const [{ event_types: types }, channels] = await Promise.all([
    client.get("/notifications/event-types", {}, { signal }),
    searchAll(client, "channels", { signal }),
  ]);
  return { types, channels };
}

function columns() {
  return [
    { name: "name", title: t("rules.name"), render: (/** @type {any} */ rule) => html`<a href=${link(`/rules/${rule.id}`)}><${Value} value=${rule.name} /></a>` },
    { name: "rule_type", title: t("rules.type"), mono: true },
    { name: "channel", title: t("rules.channel"), render: (/** @type {any} */ { channel }) => html`<a href=${link(`/channels/${channel.id}`)}><${Value} value=${channel.name} /></a>` },
    { name: "condition", title: t("rules.condition"), wide: true, render: (/** @type {any} */ rule) => html`<${Condition} rule=${rule} />` },
    { name: "state", title: t("rules.state"), render: (/** @type {any} */ rule) => html`<${Status} value=${stateOf(rule)} />` },
    { name: "updated_at", title: t("rules.changed"), render: (/** @type {any} */ rule) => html`<span class="nowrap"><${Time} at=${rule.updated_at} /></span>` },
  ];
}

/** @param {any} rule */
function stateOf({ enabled, observe }) {
  return enabled && observe ? "observing" : enabled ? "enabled" : "disabled";
}

/** @param {{rule: any}} props */
function Condition({ rule: { where, condition } }) {
  if (!condition) return html`<span class="soft">${t("rules.all_events")}</span>`;
  const lines = where ?? [JSON.stringify(condition)];
  return html`<ul class="conditions">${lines.map((/** @type {string} */ clause) => html`<li key=${clause}><code><${Value} value=${clause} /></code></li>`)}</ul>`;
}
