// The filters of the list of events: as the URL has them, as the API takes them, and as the command line does.

import { shellLine } from "../../parts/command.js";
import { parseTime } from "../../parts/times.js";

/** @typedef {Record<string, string | undefined>} Filters since, until, rule_type, status, and clauses as lines of where */

export const STATUSES = ["dispatching", "dispatched", "unmatched", "refused", "dead_letter"];

/**
 * List the clauses of the filters.
 * @param {Filters} filters
 */
export function clausesOf({ where = "" }) {
  return where.split("\n").filter((clause) => clause.trim());
}

/**
 * Return the filters as the API's query.
 * @param {Filters} filters
 * @param {number} now
 */
export function query(filters, now) {
  const { since = "", until = "", rule_type, status } = filters;
  return {
    rule_type,
    status,
    since: since && parseTime(since, now),
    until: until && parseTime(until, now),
    where: clausesOf(filters),
  };
}

/**
 * Return the filters as the body of a tail's requests.
 * @param {Filters} filters
 */
export function tailBody(filters) {
  const { rule_type = null, status = null } = filters;
  return { rule_type, status, where: clausesOf(filters) };
}

/**
 * Tell whether new events can be among those that are listed.
 * @param {Filters} filters
 */
export function canFollow({ until, status }) {
  return !until && status !== "dispatching"; // who follows events is told of each when its dispatch has ended
}

/**
 * Write the command that lists, or follows, the same events.
 * @param {Filters} filters
 * @param {boolean} follows
 */
export function command(filters, follows) {
  const { since, until, rule_type, status } = filters;
  const period = follows ? [] : [...option("--since", since), ...option("--until", until)];
  const where = clausesOf(filters).flatMap((clause) => ["--where", clause]);
  const others = [...option("--rule-type", rule_type), ...option("--status", status), ...where];
  return shellLine("event", follows ? "tail" : "list", ...period, ...others);
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function option(name, value) {
  return value ? [name, value] : [];
}
