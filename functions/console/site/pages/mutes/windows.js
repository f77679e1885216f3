// Weekly windows of local time, such as `mon-fri 22:00-07:00 Asia/Seoul`, as the service has them: a window is open
// exactly while clocks of its zone show a time in it.

import { DAY, isZone, MINUTE, parts } from "./zones.js";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The day of the week of 1970-01-01, a Thursday. */
const FIRST_DAY = 3;
const WEEK = DAYS.length;
const DAY_MINUTES = 24 * 60;

/** From how many days in a row on a range is written. */
const RANGE = 3;

/**
 * @typedef {{from: number, to: number}} Span from, included, to, excluded, in milliseconds
 * @typedef {{days: number[], begin: number, end: number, zone: string}} Window minutes since midnight of the
 *   day on which it begins; an end beyond 24 hours is on the day after
 */

/**
 * @param {string} text
 * @returns {Window | null} null if it is none, or of a zone that this browser does not know
 */
export function parse(text) {
  const [days, times, zone, ...more] = text.trim().split(/\s+/);
  const clock = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(times ?? "");
  const chosen = clock && zone && !more.length && isZone(zone) ? daysOf(days) : null;
  if (!clock || !chosen) return null;
  const [begin, end] = [60 * Number(clock[1]) + Number(clock[2]), 60 * Number(clock[3]) + Number(clock[4])];
  return { days: chosen, begin, end: end > begin ? end : end + DAY_MINUTES, zone };
}

/**
 * @param {number[]} days
 * @param {string} begin like 22:00
 * @param {string} end
 * @param {string} zone
 * @returns {string} a window as the service spells it
 */
export function spelled(days, begin, end, zone) {
  /** @type {number[][]} */
  const runs = [];
  for (const day of [...days].sort((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run && run[run.length - 1] === day - 1) run.push(day);
    else runs.push([day]);
  }
  const named = runs.map((run) =>
    run.length >= RANGE
      ? `${DAYS[run[0]]}-${DAYS[run[run.length - 1]]}`
      : run.map((day) => DAYS[day]).join(","),
  );
  return `${named.join(",")} ${begin}-${end} ${zone}`;
}

/**
 * @param {Window} window
 * @param {Span} period
 * @returns {Span[]} when it is open within a period
 */
export function open(window, period) {
  const found = [];
  // Within a part all clocks run evenly, so that local times are times but for the offset.
  for (const part of parts(window.zone, period.from, period.to)) {
    const last = Math.floor((part.to + part.offset) / DAY);
    for (let day = Math.floor((part.from + part.offset) / DAY) - 1; day <= last; day += 1) {
      if (!window.days.includes((((day + FIRST_DAY) % WEEK) + WEEK) % WEEK)) continue;
      const from = Math.max(part.from, day * DAY + window.begin * MINUTE - part.offset);
      const to = Math.min(part.to, day * DAY + window.end * MINUTE - part.offset);
      if (from < to) found.push({ from, to });
    }
  }
  return found;
}

/**
 * @param {Span[]} spans
 * @returns {Span[]} the same time without overlaps, in its order
 */
export function united(spans) {
  /** @type {Span[]} */
  const found = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else found.push({ ...span });
  }
  return found;
}

/** @param {string} text */
function daysOf(text) {
  const chosen = new Set();
  for (const part of text.toLowerCase().split(",")) {
    const [first, last = first] = part.split("-");
    const [begin, end] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (begin < 0 || end < 0) return null;
    for (let day = begin; ; day = (day + 1) % WEEK) {
      chosen.add(day);
      if (day === end) break;
    }
  }
  return [...chosen].sort((one, other) => one - other);
}
