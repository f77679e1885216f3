// Local time of IANA zones, by what the browser knows of them. Times are milliseconds since 1970 in UTC; a local time
// is what clocks of a zone show, as if that were UTC.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How far apart two looks at an offset are: no zone changes its clocks twice within that time. */
const STEP = 12 * HOUR;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @returns {string} the zone of this browser */
export function viewersZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * @param {string} zone
 * @returns {boolean} whether the browser knows the zone
 */
export function isZone(zone) {
  try {
    return Boolean(format(zone));
  } catch {
    return false;
  }
}

/**
 * @param {string} zone
 * @param {number} at
 * @returns {number} what clocks show at that time
 */
export function local(zone, at) {
  /** @type {Record<string, number>} */
  const shown = {};
  for (const { type, value } of format(zone).formatToParts(at)) shown[type] = Number(value);
  return (
    Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) +
    (((at % 1000) + 1000) % 1000)
  );
}

/**
 * @param {string} zone
 * @param {number} at
 * @returns {number} how far clocks are ahead of UTC
 */
export function offset(zone, at) {
  return local(zone, at) - at;
}

/**
 * When clocks show a local time: the first time if they do so twice. If they skip it, as long after their
 * change as it would have been.
 *
 * @param {string} zone
 * @param {number} shown
 * @returns {number}
 */
export function instant(zone, shown) {
  const before = shown - offset(zone, shown - DAY);
  const after = shown - offset(zone, shown + DAY);
  const found = [before, after].filter((at) => local(zone, at) === shown);
  return found.length ? Math.min(...found) : before;
}

/**
 * @param {string} zone
 * @param {number} from
 * @param {number} to
 * @returns {{from: number, to: number, offset: number}[]} the parts of a period, each of one offset
 */
export function parts(zone, from, to) {
  const found = [];
  let begin = from;
  let present = offset(zone, from);
  for (let at = from; at < to; at += STEP) {
    const next = Math.min(at + STEP, to);
    const then = offset(zone, next);
    if (then === present) continue;
    const change = changed(zone, at, next, present);
    found.push({ from: begin, to: change, offset: present });
    begin = change;
    present = then;
  }
  if (begin < to) found.push({ from: begin, to, offset: present });
  return found;
}

/**
 * @param {string} zone
 * @param {number} before
 * @param {number} after
 * @param {number} former the offset until the change
 * @returns {number} the first time at which the offset is another one
 */
function changed(zone, before, after, former) {
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offset(zone, middle) === former) before = middle;
    else after = middle;
  }
  return after;
}

/** @param {string} zone */
function format(zone) {
  let known = formats.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, known);
  }
  return known;
}
