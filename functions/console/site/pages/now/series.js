// Which outcomes there are, in the order in which they are drawn and counted, the usual ones first.

const MINUTES = 180;
const MINUTE = 60_000;

/** @type {Record<"deliveries" | "events", string[]>} */
export const OUTCOMES = {
  deliveries: ["delivered", "collected", "observed", "skipped", "pending", "held", "failed"],
  events: ["dispatched", "unmatched", "dispatching", "refused", "dead_letter"],
};

/**
 * Write the whole last hours, minute by minute, also those in which nothing was.
 * @param {{at: string, deliveries: Record<string, number>, events: Record<string, number>}[]} minutes those with anything
 * @param {"deliveries" | "events"} kind
 * @param {Date} until
 * @param {(time: Date) => string} label
 */
export function timeline(minutes, kind, until, label) {
  const known = new Map(minutes.map((minute) => [Date.parse(minute.at), minute[kind]]));
  const last = Math.floor(until.getTime() / MINUTE) * MINUTE;
  return Array.from({ length: MINUTES }, (_, number) => {
    const at = last - (MINUTES - 1 - number) * MINUTE;
    return { label: label(new Date(at)), values: known.get(at) ?? {} };
  });
}
