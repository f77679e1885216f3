// The table of deliveries.

import { html } from "../../html.js";
import { Reason } from "../../parts/reason.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

const REASON_CHARS = 160;

/** @param {{rows: any[], names: import("./names.js").Names, empty: string}} props */
export function List({ rows, names, empty }) {
  const columns = [
    { name: "created_at", title: t("deliveries.when"), render: When },
    { name: "status", title: t("deliveries.status"), render: (/** @type {any} */ row) => html`<${Status} value=${row.status} />` },
    { name: "rule", title: t("deliveries.rule"), render: (/** @type {any} */ row) => html`<${Value} value=${names.of(row.rule_id)} most=${80} />` },
    { name: "channel", title: t("deliveries.channel"), render: (/** @type {any} */ row) => html`<${Value} value=${names.of(row.channel_id)} most=${80} />` },
    { name: "rule_type", title: t("deliveries.type"), mono: true, render: (/** @type {any} */ row) => html`<${Value} value=${row.rule_type} />` },
    { name: "attempt_count", title: t("deliveries.attempts"), numeric: true },
    { name: "reason", title: t("deliveries.reason"), wide: true, render: Why },
  ];
  return html`
    <div class="list">
      <${Table} caption=${t("deliveries.menu")} columns=${columns} rows=${rows} rowKey=${(/** @type {any} */ row) => row.id} empty=${empty} />
    </div>
  `;
}

/** @param {any} row */
function When(row) {
  return html`<a class="nowrap" href=${link(`/deliveries/${row.id}`)}><${Time} at=${row.created_at} exact /></a>`;
}

/** @param {any} row */
function Why({ reason, next_attempt_at }) {
  return html`
    <span class="soft"><${Reason} reason=${reason} most=${REASON_CHARS} /></span>
    ${next_attempt_at && html` <span class="nowrap">${t("deliveries.next")} <${Time} at=${next_attempt_at} exact /></span>`}
  `;
}
