// The pages of a backtest, added up, and its hits in bars.

const SAMPLES = 3;
const FAILURES = 5;
const DIFFERENT = 5;
const HOUR = 3_600_000;
const HOURLY_DAYS = 3;

const SUMS = ["searched", "unreadable", "hits", "empty", "failed"];

/**
 * Add a page to those before; null for none before.
 * @param {any} before @param {any} page
 */
export function added(before, page) {
  if (before === null) return page;
  const sums = Object.fromEntries(SUMS.map((name) => [name, before[name] + page[name]]));
  const hours = { ...before.hours };
  for (const [hour, hits] of Object.entries(page.hours)) hours[hour] = (hours[hour] ?? 0) + hits;
  return {
    ...page,
    ...sums,
    hours,
    messages: page.messages === null ? null : before.messages + page.messages,
    samples: [...before.samples, ...page.samples].slice(0, SAMPLES),
    failures: [...before.failures, ...page.failures].slice(0, FAILURES),
    difference: page.difference && difference(before.difference, page.difference),
  };
}

/** @param {any} one @param {any} other */
function difference(one, other) {
  return {
    both: one.both + other.both,
    only_draft: one.only_draft + other.only_draft,
    only_stored: one.only_stored + other.only_stored,
    first_only_draft: [...one.first_only_draft, ...other.first_only_draft].slice(0, DIFFERENT),
    first_only_stored: [...one.first_only_stored, ...other.first_only_stored].slice(0, DIFFERENT),
  };
}

/**
 * Count hits in bars: hours for a few days, otherwise days of local time. Those without hits are there too.
 * @param {Record<string, number>} hours by the beginning of the hour, in UTC
 * @param {Date} since @param {Date} until
 * @returns {{at: Date, hits: number}[]}
 */
export function barsOf(hours, since, until) {
  const isHourly = until.getTime() - since.getTime() <= HOURLY_DAYS * 24 * HOUR;
  /** @type {Map<number, number>} */
  const bars = new Map();
  for (let at = since.getTime(); at < until.getTime() + HOUR; at += HOUR) {
    const start = beginning(new Date(at), isHourly);
    if (start < until.getTime()) bars.set(start, 0);
  }
  for (const [hour, hits] of Object.entries(hours)) {
    const start = beginning(new Date(hour), isHourly);
    bars.set(start, (bars.get(start) ?? 0) + hits);
  }
  return [...bars].sort(([one], [other]) => one - other).map(([at, hits]) => ({ at: new Date(at), hits }));
}

/** @param {Date} at @param {boolean} isHourly */
function beginning(at, isHourly) {
  if (isHourly) return Math.floor(at.getTime() / HOUR) * HOUR;
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
