// The calendar of a week: a row for each mute, in which bars show when it is in force, along the time that really passes.
// So a day on which clocks change is an hour narrower or wider, and each bar ends where clocks here show its end.

import { html } from "../../html.js";
import { Table } from "../../parts/table.js";
import { Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { link } from "../../shell/router.js";
import { language, t } from "../../texts/t.js";
import { inForce, placed } from "./week.js";
import { parse } from "./windows.js";
import { DAY } from "./zones.js";

const ROW_HEIGHT = 22;
const BAR = { y: 4, height: 14 };
const HEAD_HEIGHT = 36;

/**
 * @typedef {import("./week.js").Week} Week
 * @typedef {import("./week.js").Span} Span
 */

/** @param {{mutes: any[], week: Week, now: number, draft?: boolean}} props `draft`: of a mute that is not there yet */
export function Calendar({ mutes, week, now, draft = false }) {
  const undrawn = draft ? [] : mutes.filter((mute) => mute.weekly.some((/** @type {string} */ text) => !parse(text)));
  const rows = mutes.map((mute) => ({ mute, spans: inForce(mute, week) })).filter(({ spans }) => spans.length);
  return html`
    <p class="soft">${title(week)} · ${t("mutes.zone", { zone: week.zone })}${changeOf(week)}</p>
    ${undrawn.length > 0 && html`<p class="warning">${t("mutes.undrawn", { reasons: undrawn.map(({ reason }) => visible(reason)).join(", ") })}</p>`}
    ${rows.length === 0
      ? html`<p class="empty">${t("mutes.none_in_week")}</p>`
      : html`
          <div class="week">
            <div class="week-row" aria-hidden="true">
              <span></span>
              <${Head} week=${week} now=${now} />
            </div>
            ${rows.map((row) => html`<${Row} key=${row.mute.id} ...${row} week=${week} now=${now} draft=${draft} />`)}
          </div>
          ${!draft && html`<p class="legend soft" aria-hidden="true">
            <svg width="24" height="14"><rect class="bar" x="0" y="0" width="24" height="14" rx="3" /></svg> ${t("mutes.skips")}
            <svg width="24" height="14"><rect class="bar hold" x="1" y="1" width="22" height="12" rx="3" /></svg> ${t("mutes.holds")}
          </p>`}
          <details>
            <summary>${t("mutes.as_table")}</summary>
            <${Times} rows=${rows} week=${week} />
          </details>
        `}
  `;
}

/** @param {{week: Week, now: number}} props */
function Head({ week, now }) {
  return html`
    <svg class="week-head" width="100%" height=${HEAD_HEIGHT}>
      ${week.days.map((day) => {
        const { left, width } = placed(day, week);
        const [name, number] = [shown(week, day.from, { weekday: "short" }), shown(week, day.from, { day: "numeric" })];
        const isToday = day.from <= now && now < day.to;
        return html`
          <text key=${day.date} class=${isToday ? "today" : ""} x=${percent(left + width / 2)} y="14" text-anchor="middle">${name}</text>
          <text key=${`${day.date} number`} class=${isToday ? "today" : ""} x=${percent(left + width / 2)} y="30" text-anchor="middle">${number}</text>
        `;
      })}
    </svg>
  `;
}

/** @param {{mute: any, spans: Span[], week: Week, now: number, draft: boolean}} props */
function Row({ mute, spans, week, now, draft }) {
  const told = spans.map((span) => period(week, span)).join("; ");
  const isNow = week.from <= now && now < week.to;
  return html`
    <div class="week-row">
      ${draft
        ? html`<span class="week-name"><${Value} value=${mute.reason} /></span>`
        : html`<a class="week-name" href=${link("/mutes", { mute: mute.id, week: week.days[0].date })}><${Value} value=${mute.reason} /></a>`}
      <svg width="100%" height=${ROW_HEIGHT} role="img" aria-label=${t(mute.hold ? "mutes.row_holds" : "mutes.row_skips", { reason: visible(mute.reason), times: told })}>
        ${week.days.map((day) => html`<${Lines} key=${day.date} day=${day} week=${week} />`)}
        ${spans.map((span) => html`<${Bar} key=${span.from} span=${span} week=${week} hold=${mute.hold} />`)}
        ${isNow && html`<line class="now" x1=${at(week, now)} x2=${at(week, now)} y1="0" y2=${ROW_HEIGHT} />`}
      </svg>
    </div>
  `;
}

/** @param {{day: import("./week.js").Day, week: Week}} props */
function Lines({ day, week }) {
  return html`
    <line class="midnight" x1=${at(week, day.from)} x2=${at(week, day.from)} y1="0" y2=${ROW_HEIGHT} />
    ${day.lines.map((line) => html`<line key=${line.hour} class="hour" x1=${at(week, line.at)} x2=${at(week, line.at)} y1="0" y2=${ROW_HEIGHT} />`)}
  `;
}

/** @param {{span: Span, week: Week, hold: boolean}} props */
function Bar({ span, week, hold }) {
  const { left, width } = placed(span, week);
  return html`
    <rect class=${hold ? "bar hold" : "bar"} x=${percent(left)} width=${percent(width)} y=${BAR.y} height=${BAR.height} rx="3">
      <title>${period(week, span)}</title>
    </rect>
  `;
}

/** @param {{rows: {mute: any, spans: Span[]}[], week: Week}} props */
function Times({ rows, week }) {
  const times = rows.flatMap(({ mute, spans }) => spans.map((span) => ({ ...span, mute })));
  const clock = /** @type {const} */ ({ weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return html`<${Table}
    caption=${t("mutes.as_table")}
    rows=${times}
    rowKey=${(/** @type {any} */ one) => `${one.mute.id} ${one.from}`}
    empty=""
    columns=${[
      { name: "reason", title: t("mutes.reason"), wide: true, render: (/** @type {any} */ one) => html`<${Value} value=${one.mute.reason} />` },
      { name: "from", title: t("mutes.from"), render: (/** @type {any} */ one) => shown(week, one.from, clock) },
      { name: "to", title: t("mutes.to"), render: (/** @type {any} */ one) => shown(week, one.to, clock) },
    ]}
  />`;
}

/** @param {Week} week */
function title(week) {
  const dates = new Intl.DateTimeFormat(language(), { timeZone: week.zone, dateStyle: "long" });
  return dates.formatRange(week.from, week.to - 1);
}

/** @param {Week} week */
function changeOf(week) {
  const changed = week.days.find((day) => day.to - day.from !== DAY);
  if (!changed) return "";
  const hours = Math.round((changed.to - changed.from) / 3_600_000);
  return ` · ${t("mutes.clocks_change", { day: shown(week, changed.from, { weekday: "long", day: "numeric", month: "long" }), hours })}`;
}

/**
 * @param {Week} week
 * @param {Span} span
 */
function period(week, { from, to }) {
  const clock = /** @type {const} */ ({ weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${shown(week, from, clock)} – ${shown(week, to, clock)}`;
}

/**
 * @param {Week} week
 * @param {number} time
 * @param {Intl.DateTimeFormatOptions} options
 */
function shown(week, time, options) {
  return new Intl.DateTimeFormat(language(), { timeZone: week.zone, ...options }).format(time);
}

/**
 * @param {Week} week
 * @param {number} time
 */
function at(week, time) {
  return percent(placed({ from: time, to: time }, week).left);
}

/** @param {number} part */
function percent(part) {
  return `${(part * 100).toFixed(4)}%`;
}
