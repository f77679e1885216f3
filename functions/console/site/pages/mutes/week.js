// The calendar of a week: when which mute is in force, in the zone of whoever looks at it.

import { open, parse, united } from "./windows.js";
import { DAY, HOUR, instant, local } from "./zones.js";

const WEEK_DAYS = 7;
/** The day of the week of 1970-01-01, counted from Monday. */
const FIRST_DAY = 3;
/** At which hours of a day the calendar has lines. */
const LINED_HOURS = [6, 12, 18];

/**
 * @typedef {import("./windows.js").Span} Span
 * @typedef {Span & {date: string, lines: {hour: number, at: number}[]}} Day
 * @typedef {Span & {zone: string, days: Day[], before: string, after: string}} Week `before` and `after`: the
 *   Mondays of the weeks beside it
 * @typedef {{id: string, created_at: string, until: string|null, ended_at: string|null, weekly: string[]}} Mute
 */

/**
 * @param {string} zone
 * @param {string | undefined} date a day of the week as 2026-03-25
 * @param {number} now
 * @returns {Week} the week from Monday to Sunday that has the date, or now if that is no date
 */
export function weekOf(zone, date, now) {
  const given = /^\d{4}-\d\d-\d\d$/.test(date ?? "") ? Date.parse(`${date}T00:00:00Z`) : NaN;
  const day = Math.floor((Number.isNaN(given) ? local(zone, now) : given) / DAY);
  const monday = day - ((((day + FIRST_DAY) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
  const days = Array.from({ length: WEEK_DAYS }, (_, number) => dayOf(zone, (monday + number) * DAY));
  return {
    from: days[0].from,
    to: days[WEEK_DAYS - 1].to,
    zone,
    days,
    before: dateOf((monday - WEEK_DAYS) * DAY),
    after: dateOf((monday + WEEK_DAYS) * DAY),
  };
}

/**
 * @param {Mute} mute
 * @param {Span} period
 * @returns {Span[]} when a mute is in force within a period, in its order
 */
export function inForce(mute, period) {
  const ends = [mute.until, mute.ended_at].flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  const from = Math.max(period.from, Date.parse(mute.created_at));
  const to = Math.min(period.to, ...ends);
  if (from >= to) return [];
  if (!mute.weekly.length) return [{ from, to }];
  const windows = mute.weekly.flatMap((text) => parse(text) ?? []);
  return united(windows.flatMap((window) => open(window, { from, to })));
}

/**
 * @param {Span} span
 * @param {Span} period
 * @returns {{left: number, width: number}} where a bar is, as parts of the period
 */
export function placed(span, period) {
  const whole = period.to - period.from;
  return { left: (span.from - period.from) / whole, width: (span.to - span.from) / whole };
}

/**
 * @param {string} zone
 * @param {number} midnight the day's beginning, as clocks show it
 * @returns {Day} a day, which has 23 or 25 hours where clocks change
 */
function dayOf(zone, midnight) {
  return {
    date: dateOf(midnight),
    from: instant(zone, midnight),
    to: instant(zone, midnight + DAY),
    lines: LINED_HOURS.map((hour) => ({ hour, at: instant(zone, midnight + hour * HOUR) })),
  };
}

/** @param {number} time */
function dateOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}
