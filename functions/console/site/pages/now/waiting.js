// What waits: the oldest that is due, and the queues.

import { html } from "../../html.js";
import { Command, shellLine } from "../../parts/command.js";
import { Panel } from "../../parts/panel.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { link } from "../../shell/router.js";
import { language, t } from "../../texts/t.js";

const DEAD = ["dead_events", "dead_hints"];

/** @param {{status: any}} props */
export function Waiting({ status }) {
  const number = (/** @type {string} */ name) => (/** @type {any} */ row) => row[name].toLocaleString(language());
  const columns = [
    { name: "name", title: t("now.queue"), wide: true, render: (/** @type {any} */ { name }) => t(`now.queue_${name}`) },
    { name: "waiting", title: t("now.waiting"), numeric: true, render: waiting },
    { name: "in_flight", title: t("now.in_flight"), numeric: true, render: number("in_flight") },
    { name: "delayed", title: t("now.delayed"), numeric: true, render: number("delayed") },
  ];
  return html`
    <${Panel} title=${t("now.what_waits")}>
      <${Overdue} overdue=${status.overdue} seconds=${status.overdue_seconds} />
      <${Table} caption=${t("now.queues")} columns=${columns} rows=${status.queues} rowKey=${(/** @type {any} */ { name }) => name} empty="" />
    <//>
  `;
}

/** @param {{overdue: {event_id: string, delivery_id: string | null} | null, seconds: number}} props */
function Overdue({ overdue, seconds }) {
  if (!overdue) return html`<p>${t("now.overdue")} <${Status} value="well">${t("part.nothing")}<//></p>`;
  const [kind, path, id] = overdue.delivery_id ? ["delivery", "/deliveries/", overdue.delivery_id] : ["event", "/events/", overdue.event_id];
  return html`
    <p>
      ${t("now.overdue")} <${Status} value="pending"><a href=${link(path + encodeURIComponent(id))}>${t(`now.overdue_${kind}`, { time: duration(seconds) })}</a><//>
    </p>
    <${Command} line=${shellLine(kind, "info", id)} />
  `;
}

/** @param {any} queue */
function waiting({ name, waiting }) {
  const text = waiting.toLocaleString(language());
  return waiting && DEAD.includes(name) ? html`<${Status} value="failed">${text}<//>` : text;
}

/** @param {number} seconds */
function duration(seconds) {
  const [count, unit] = seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return Math.round(count).toLocaleString(language(), { style: "unit", unit, unitDisplay: "long" });
}
