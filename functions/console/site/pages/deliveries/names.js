// The names of rules and channels, for lists that have their ids.

import { useLoaded } from "../../parts/loaded.js";
import { searchAll } from "../../service/search.js";

const SHORT = 8;

/** @typedef {{id: string, name: string}} Named */
/** @typedef {{rules: Named[], channels: Named[], of: (id: string) => string}} Names of: the name, or the beginning of the id */

/**
 * Load the names; without them a list is a list still.
 * @param {import("../../service/client.js").Client} client
 * @returns {Names}
 */
export function useNames(client) {
  const { value } = useLoaded(async (signal) => {
    const [rules, channels] = await Promise.all([searchAll(client, "rules", { signal, params: { custom: true } }), searchAll(client, "channels", { signal })]);
    return { rules, channels };
  }, [client]);
  const { rules = [], channels = [] } = value ?? {};
  const byId = new Map([...rules, ...channels].map(({ id, name }) => [id, name]));
  return { rules, channels, of: (id) => byId.get(id) ?? id.slice(0, SHORT) };
}
