// The filters of deliveries: as the URL has them, as the API takes them, and as the command line does.

import { shellLine } from "../../parts/command.js";
import { parseTime } from "../../parts/times.js";
import { serverNow } from "../../service/clock.js";

/** @typedef {Record<string, string | undefined>} Filters status, channel, rule, rule_type, event, mute, since, until */

export const STATUSES = ["pending", "delivered", "failed", "skipped", "held", "observed", "collected"];

/** The filters that are values, with the options of the command line. */
const OPTIONS = /** @type {Record<string, string>} */ ({
  channel: "--channel",
  rule: "--rule",
  event: "--event",
  rule_type: "--rule-type",
  status: "--status",
  mute: "--mute",
});

/**
 * Return the filters as the API's query; those that are not given are left out.
 * @param {Filters} filters
 * @param {number} now
 * @returns {Record<string, string | undefined>}
 */
export function query(filters, now) {
  const given = Object.keys(OPTIONS).flatMap((name) => (filters[name] ? [[name, filters[name]]] : []));
  const times = ["since", "until"].flatMap((name) => {
    const time = parseTime(filters[name] ?? "", now);
    return time ? [[name, time]] : [];
  });
  return Object.fromEntries([...given, ...times]);
}

/**
 * Tell whether anything is filtered: all there is cannot be retried at once.
 * @param {Filters} filters
 */
export function isFiltered(filters) {
  return Object.keys(query(filters, serverNow())).length > 0;
}

/**
 * Write a command on the same deliveries.
 * @param {"list" | "retry"} verb
 * @param {Filters} filters
 * @param {...(string | false)} flags
 */
export function command(verb, filters, ...flags) {
  const options = [...Object.entries(OPTIONS), ["since", "--since"], ["until", "--until"]];
  const written = options.flatMap(([name, option]) => (filters[name] ? [option, filters[name]] : []));
  return shellLine("delivery", verb, ...written, ...flags);
}
