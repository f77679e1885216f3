// A delivery, with its rule and channel as they are now.

import { serverNow } from "../../service/clock.js";

const SOON_MS = 60_000;
const POLLED_SECONDS = { near: 2, later: 15 };

/** @typedef {import("../../service/client.js").Client} Client */

/**
 * @param {Client} client
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function load(client, id, signal) {
  const { delivery } = await client.get(`/notifications/deliveries/${encodeURIComponent(id)}`, {}, { signal });
  // Either may be deleted; the delivery is shown all the same.
  const [rule, channel] = await Promise.all([
    client.get(`/notifications/rules/${delivery.rule_id}`, { custom: true }, { signal }).then((found) => found.rule, () => null),
    client.get(`/notifications/channels/${delivery.channel_id}`, {}, { signal }).then((found) => found.channel, () => null),
  ]);
  return { delivery, rule, channel };
}

/**
 * Return after how many seconds it is worth looking again; 0 if nothing happens any more by itself.
 * @param {{delivery: any}} loaded
 */
export function lookAgain({ delivery: { status, next_attempt_at } }) {
  if (status !== "pending") return status === "held" ? POLLED_SECONDS.later : 0;
  return Date.parse(next_attempt_at) - serverNow() < SOON_MS ? POLLED_SECONDS.near : POLLED_SECONDS.later;
}
