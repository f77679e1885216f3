// What happened to an event, in the order of time. Values in, values out.

/** Such an event cannot be dispatched again. */
export const DIGEST = "notification.digest";

/** @typedef {import("./grouping.js").Verdict} Verdict */
/**
 * @typedef {object} Step
 * @property {"came" | "earlier" | "decided" | "attempt" | "waits" | "ended"} kind
 * @property {string} key
 * @property {string | null} at
 * @property {any} [delivery] what it is about, if about one delivery
 * @property {any} [attempt]
 * @property {number} [number] of the attempt
 * @property {boolean} [again] whether there was an earlier dispatch
 */

const AT_ONCE_MS = 1_000;
const NEAR_MS = 60_000;
const POLLED_SECONDS = { soon: 1, near: 2, later: 15 };

/**
 * List the steps of an event, the first one first. Only the last dispatch's decisions are known: what was tried before
 * them comes of an earlier one.
 * @param {any} event
 * @param {{as_of: string, approximate?: boolean, rules: Verdict[]}} explanation
 * @param {any[]} deliveries those that are known with their attempts
 * @returns {Step[]}
 */
export function steps(event, explanation, deliveries) {
  const came = { kind: /** @type {const} */ ("came"), key: "came", at: event.timestamp ?? event.created_at };
  const decided = { kind: /** @type {const} */ ("decided"), key: "decided", at: explanation.as_of };
  const others = deliveries.flatMap(ofDelivery).toSorted((one, other) => (String(one.at) < String(other.at) ? -1 : 1));
  if (event.status === "dispatching") return [came, ...others];
  const isExact = !explanation.approximate && event.rule_type !== DIGEST;
  const isEarlier = (/** @type {Step} */ { kind, at }) => isExact && kind !== "waits" && String(at) < explanation.as_of;
  const before = others.filter(isEarlier);
  if (!before.length) return [came, decided, ...others];
  const earlier = { kind: /** @type {const} */ ("earlier"), key: "earlier", at: null };
  return [came, earlier, ...before, { ...decided, again: true }, ...others.filter((step) => !isEarlier(step))];
}

/**
 * @param {any} delivery
 * @returns {Step[]}
 */
function ofDelivery(delivery) {
  const first = delivery.attempt_count - delivery.attempts.length;
  /** @type {Step[]} */
  const made = delivery.attempts.map((/** @type {any} */ attempt, /** @type {number} */ index) => ({
    kind: "attempt",
    key: `${delivery.id} ${first + index}`,
    at: attempt.at,
    delivery,
    attempt,
    number: first + index + 1,
  }));
  if (delivery.status === "pending") {
    made.push({ kind: "waits", key: `${delivery.id} waits`, at: delivery.next_attempt_at, delivery });
  } else if (made.length && !["delivered", "failed"].includes(delivery.status)) {
    // What was delivered, or failed, ended with its last attempt. What was never tried is told with its rule.
    made.push({ kind: "ended", key: `${delivery.id} ended`, at: delivery.updated_at, delivery });
  }
  return made;
}

/**
 * Return after how many seconds it is worth looking again; 0 if nothing happens any more by itself.
 * @param {import("./loading.js").Told} told
 * @param {number} now
 */
export function lookAgain({ event, explanation, deliveries }, now) {
  if (!event || event.status === "dispatching") return POLLED_SECONDS.soon;
  const isWaiting = explanation.rules.some((/** @type {any} */ { delivery }) => ["pending", "held"].includes(delivery?.status));
  if (!isWaiting) return 0;
  const next = deliveries.filter(({ status }) => status === "pending").map((one) => Date.parse(one.next_attempt_at) - now);
  if (next.some((ms) => ms < AT_ONCE_MS)) return POLLED_SECONDS.soon;
  return next.some((ms) => ms < NEAR_MS) ? POLLED_SECONDS.near : POLLED_SECONDS.later;
}
