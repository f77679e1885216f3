// The table of events. Rows keep their elements when others come before them, and with these the focus.

import { html } from "../../html.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/** @typedef {import("./merging.js").Row} Row */

const REASON_CHARS = 160;

/** @param {{rows: Row[], empty: string}} props */
export function List({ rows, empty }) {
  const columns = [
    { name: "created_at", title: t("events.when"), render: When },
    { name: "rule_type", title: t("events.type"), mono: true, render: (/** @type {Row} */ row) => html`<${Value} value=${row.rule_type} />` },
    { name: "status", title: t("events.status"), render: (/** @type {Row} */ row) => html`<${Status} value=${row.status} />` },
    { name: "counts", title: t("events.became"), wide: true, render: Became },
    { name: "id", title: t("events.id"), mono: true, render: (/** @type {Row} */ row) => html`<${Value} value=${row.id} most=${13} />` },
  ];
  return html`
    <div class="list">
      <${Table} caption=${t("events.menu")} columns=${columns} rows=${rows} rowKey=${(/** @type {Row} */ row) => row.id} empty=${empty} />
    </div>
  `;
}

/** @param {Row} row */
function When(row) {
  return html`<a class="nowrap" href=${link(`/events/${row.id}`)}><${Time} at=${row.created_at} exact /></a>`;
}

/** @param {Row} row */
function Became({ counts = {}, reason, more_deliveries }) {
  return html`
    <span class="row tight">
      ${Object.entries(counts).map(([status, count]) => html`<${Status} key=${status} value=${status}>${count > 1 ? t("events.counted", { count, status: t(`status.${status}`) }) : null}<//>`)}
      ${more_deliveries && html`<span class="hint">${t("events.and_more")}</span>`}
      ${reason && html`<span class="soft"><${Value} value=${reason} most=${REASON_CHARS} /></span>`}
    </span>
  `;
}
