// Times and durations as the command line takes them: `15m`, `24h`, or an ISO 8601 time.

const SECONDS = /** @type {Record<string, number>} */ ({ s: 1, m: 60, h: 3600, d: 86_400 });
const DURATION = /^([0-9]{1,9})([smhd])$/;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;
const DAY_CHARS = "2026-01-15".length;

/**
 * Return the time so long before now, or the one that ISO 8601 text names (local without a zone); null for other text.
 * @param {string} text
 * @param {number} now in ms since 1970
 * @returns {string | null} a timestamp of the API
 */
export function parseTime(text, now) {
  const given = text.trim();
  const duration = DURATION.exec(given);
  if (duration) return new Date(now - Number(duration[1]) * SECONDS[duration[2]] * 1000).toISOString();
  if (!ISO.test(given)) return null;
  // Of a date alone JavaScript takes midnight in UTC, the command line takes the local one.
  const time = new Date(given.length === DAY_CHARS ? `${given}T00:00` : given.replace(" ", "T").toUpperCase());
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/**
 * Write how long something took or how much later it was: `0.14 s`, `5 min 20 s`, `3 h 2 min`.
 * @param {number} ms
 */
export function elapsed(ms) {
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  const [days, hours, minutes] = [seconds / 86_400, (seconds % 86_400) / 3600, (seconds % 3600) / 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
