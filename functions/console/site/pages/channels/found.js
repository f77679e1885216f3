// Finding channels: all of them are loaded, because the service does not search by state.

import { searchAll } from "../../service/search.js";

/** The service's words for how a channel is, those first that need somebody. */
export const STATES = ["suspended", "failing", "disabled", "active"];

/**
 * @param {import("../../service/client.js").Client} client
 * @param {AbortSignal} signal
 * @returns {Promise<any[]>} by name, each with `service` and `target`
 */
export async function allChannels(client, signal) {
  const channels = await searchAll(client, "channels", { signal });
  return channels.map((one) => ({ ...one, service: serviceOf(one), target: targetOf(one) }));
}

/**
 * @param {any[]} channels
 * @param {{q?: string, state?: string}} params
 */
export function matching(channels, { q = "", state = "" }) {
  const wanted = q.trim().toLowerCase();
  return channels.filter(
    (one) =>
      (!state || one.state === state) &&
      [one.name, one.service, one.target, one.id].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/**
 * @param {any} channel
 * @returns {string} what it sends to: the preset's service, or its type
 */
function serviceOf(channel) {
  return channel.spec.preset ?? channel.channel_type;
}

/**
 * @param {any} channel
 * @returns {string} the host that a webhook leads to, or the recipients of emails
 */
function targetOf({ spec }) {
  return spec.message ? spec.message.to_emails.join(", ") : spec.url.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/s, "");
}
