// Retrying all that match, as `delivery retry` does: everything is listed before the first retry, because retries change
// what matches; then each is retried once, at a limited rate, past failures.

/** Statuses that are retried in bulk only if a filter asks for them: they are sent anyway, have arrived, are not meant
 * to be sent, or come with a digest. */
const ON_REQUEST = ["pending", "delivered", "observed", "collected"];

/** How the reasons begin of skipped deliveries that a rule or a mute has kept back on purpose. */
const KEPT_BACK = ["repeat of ", "muted: "];

const PAGE = 200;
const RATE = 20;
const TOO_MANY = 429;
const THROTTLED_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/** @typedef {import("../../service/client.js").Client} Client */
/** @typedef {{id: string, status: string, reason: string | null, [name: string]: any}} Delivery */
/** @typedef {{done: number, of: number, failures: {id: string, problem: any}[]}} Progress */

/**
 * Tell whether a delivery is left out of what is retried in bulk.
 * @param {Delivery} delivery
 * @param {Record<string, string | undefined>} query
 */
export function isLeftOut(delivery, query) {
  if (query.status || query.mute) return false;
  return ON_REQUEST.includes(delivery.status) || KEPT_BACK.some((start) => (delivery.reason ?? "").startsWith(start));
}

/**
 * List all that match and would be retried.
 * @param {Client} client
 * @param {Record<string, string | undefined>} query
 * @param {AbortSignal} signal
 * @param {(listed: number) => void} tell how many match until now
 * @returns {Promise<Delivery[]>}
 */
export async function found(client, query, signal, tell) {
  /** @type {Delivery[]} */
  const all = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const page = /** @type {{deliveries: Delivery[], next: string | null}} */ (
      await client.get("/notifications/deliveries", { ...query, limit: PAGE, cursor }, { signal })
    );
    all.push(...page.deliveries.filter((delivery) => !isLeftOut(delivery, query)));
    cursor = page.next;
    tell(all.length);
  } while (cursor !== null);
  return all;
}

/**
 * Retry each of these; a failure does not stop it, an abort does.
 * @param {Client} client
 * @param {Delivery[]} deliveries
 * @param {string} message "recorded" or "rendered"
 * @param {AbortSignal} signal
 * @param {(progress: Progress) => void} tell
 */
export async function retryAll(client, deliveries, message, signal, tell) {
  /** @type {Progress} */
  const progress = { done: 0, of: deliveries.length, failures: [] };
  for (const { id } of deliveries) {
    if (signal.aborted) break;
    const due = pause(1_000 / RATE);
    try {
      await retried(client, id, message, signal);
      progress.done += 1;
    } catch (problem) {
      if (signal.aborted) break;
      progress.failures.push({ id, problem });
    }
    tell({ ...progress });
    await due;
  }
  return progress;
}

/**
 * Retry one, and again after a pause if there were too many requests.
 * @param {Client} client
 * @param {string} id
 * @param {string} message
 * @param {AbortSignal} signal
 */
async function retried(client, id, message, signal) {
  for (const ms of [...THROTTLED_PAUSES_MS, null]) {
    try {
      return await client.post(`/notifications/deliveries/${encodeURIComponent(id)}/retry`, { message }, { signal });
    } catch (problem) {
      if (ms === null || /** @type {any} */ (problem).status !== TOO_MANY) throw problem;
      await pause(ms);
    }
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
