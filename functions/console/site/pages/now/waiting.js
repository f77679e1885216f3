// What waits: the oldest that is due, and the queues.

import { html } from "../../html.js";
import { Command, shellLine } from "../../parts/command.js";
import { Panel } from "../../parts/panel.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { byClock } from "../../parts/time.js";
import { link } from "../../shell/router.js";
import { language, t } from "../../texts/t.js";
import { duration } from "./duration.js";

const DEAD = ["dead_events", "dead_hints"];

/** @param {{status: any}} props */
export function Waiting({ status }) {
  const number = (/** @type {string} */ name) => (/** @type {any} */ row) => row[name].toLocaleString(language());
  const columns = [
    { name: "name", title: t("now.queue"), wide: true, render: (/** @type {any} */ queue) => html`<${Name} queue=${queue} causes=${status.causes} />` },
    { name: "waiting", title: t("now.waiting"), numeric: true, render: waiting },
    { name: "in_flight", title: t("now.in_flight"), numeric: true, render: number("in_flight") },
    { name: "delayed", title: t("now.delayed"), numeric: true, render: number("delayed") },
  ];
  const [measured] = status.queues.map((/** @type {any} */ queue) => queue.age_measured_at).filter(Boolean).sort();
  return html`
    <${Panel} title=${t("now.what_waits")}>
      <${Overdue} overdue=${status.overdue} seconds=${status.overdue_seconds} />
      <${Table} caption=${t("now.queues")} columns=${columns} rows=${status.queues} rowKey=${(/** @type {any} */ { name }) => name} empty="" />
      ${measured && html`<p class="hint">${t("now.ages_as_of", { time: byClock(new Date(measured)) })}</p>`}
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

/**
 * What is in a queue, and below it the age of the oldest message: half a window has no room for a column of ages.
 * @param {{queue: any, causes: {kind: string}[]}} props
 */
function Name({ queue: { name, waiting, in_flight, delayed, oldest_age_seconds: age }, causes }) {
  const told = t(`now.queue_${name}`);
  if (!(waiting || in_flight || delayed)) return told;
  const oldest = t("now.oldest", { time: age === null ? t("now.age_unknown") : duration(age) });
  const isOld = causes.some(({ kind }) => kind === `old_${name}`);
  return html`${told} <div>${isOld ? html`<${Status} value="failed">${oldest}<//>` : html`<span class="soft small">${oldest}</span>`}</div>`;
}

/** @param {any} queue */
function waiting({ name, waiting }) {
  const text = waiting.toLocaleString(language());
  return waiting && DEAD.includes(name) ? html`<${Status} value="failed">${text}<//>` : text;
}
