// All that is known of an event: its record, what its rules made of it, and the deliveries that are shown with their attempts.

import { sending } from "./grouping.js";

/** How many deliveries are shown with their attempts, until more are asked for. */
export const SHOWN_DELIVERIES = 10;

const PAGE_RULES = 1_000;
const AT_ONCE = 10;
const NOT_FOUND = 404;

/** @typedef {import("../../service/client.js").Client} Client */
/** @typedef {{event: any, explanation: any, deliveries: any[], left: number}} Told event: null if there is no record of it */

/**
 * @param {Client} client
 * @param {string} id
 * @param {number} most how many deliveries with their attempts
 * @param {AbortSignal} signal
 * @returns {Promise<Told>}
 */
export async function load(client, id, most, signal) {
  const path = `/notifications/events/${encodeURIComponent(id)}`;
  try {
    const [{ event }, explanation] = await Promise.all([client.get(path, {}, { signal }), explained(client, path, signal)]);
    const sent = sending(explanation.rules);
    const ids = sent.slice(0, most).map(({ delivery }) => delivery.id);
    return { event, explanation, deliveries: await detailed(client, ids, signal), left: sent.length - ids.length };
  } catch (problem) {
    if (/** @type {any} */ (problem).status !== NOT_FOUND) throw problem;
    return { event: null, explanation: null, deliveries: [], left: 0 };
  }
}

/**
 * Read all pages of verdicts into one.
 * @param {Client} client
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function explained(client, path, signal) {
  const ask = (/** @type {string | null} */ cursor) =>
    client.get(`${path}/explanation`, { limit: PAGE_RULES, cursor }, { signal });
  const first = await ask(null);
  const rules = [...first.rules];
  for (let page = first; page.next !== null; rules.push(...page.rules)) page = await ask(page.next);
  return { ...first, rules };
}

/**
 * Read deliveries with their attempts, some at a time; one that has expired meanwhile is left out.
 * @param {Client} client
 * @param {string[]} ids
 * @param {AbortSignal} signal
 */
async function detailed(client, ids, signal) {
  const found = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const asked = ids.slice(at, at + AT_ONCE).map(async (id) => {
      try {
        return (await client.get(`/notifications/deliveries/${encodeURIComponent(id)}`, {}, { signal })).delivery;
      } catch (problem) {
        if (/** @type {any} */ (problem).status === NOT_FOUND) return null;
        throw problem;
      }
    });
    found.push(...(await Promise.all(asked)));
  }
  return found.filter(Boolean);
}
