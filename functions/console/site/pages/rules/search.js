// The filters of the list, as the URL has them, as a search of the API, and on the command line.

import { shellLine } from "../../parts/command.js";

export const STATES = ["enabled", "disabled"];

/** @type {Record<string, string[]>} */
const WORDS = { enabled: ["--enabled-only"], disabled: ["--jq", ".[] | select(.enabled | not)"] };

/** @param {Record<string, string>} params */
export function filterOf({ name, type, channel, state }) {
  return {
    name: name ? { i_contains: name } : undefined,
    rule_types: type ? [type] : undefined,
    channel_id: channel || undefined,
    enabled: STATES.includes(state) ? state === "enabled" : undefined,
  };
}

/** @param {Record<string, string>} params */
export function lineOf({ name, type, channel, state }) {
  return shellLine(
    ...["rule", "list"],
    ...(name ? ["--name", name] : []),
    ...(type ? ["--rule-types", type] : []),
    ...(channel ? ["--channel", channel] : []),
    ...(STATES.includes(state) ? WORDS[state] : []),
  );
}
