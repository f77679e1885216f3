// When failed deliveries are tried again: a schedule's name, or the seconds between attempts, written like 5s,1m,30m,2h.

export const SCHEDULES = ["standard", "fast", "none"];

const UNITS = /** @type {[string, number][]} */ ([
  ["h", 3600],
  ["m", 60],
  ["s", 1],
]);

/**
 * @param {string | number[]} retry as the service has it
 * @returns {string} as people write it
 */
export function retryText(retry) {
  return typeof retry === "string" ? retry : retry.map(duration).join(",");
}

/**
 * @param {string} text as people write it
 * @returns {string | (number | string)[]} as the service takes it; what cannot be read stays, so that the service says why
 */
export function readRetry(text) {
  const word = text.trim().toLowerCase();
  if (!word || SCHEDULES.includes(word)) return word || SCHEDULES[0];
  return word.split(",").map((part) => {
    const found = /^(\d+)([smh]?)$/.exec(part.trim());
    return found ? Number(found[1]) * (UNITS.find(([unit]) => unit === found[2])?.[1] ?? 1) : part.trim();
  });
}

/** @param {number} seconds */
function duration(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}
