// The verdicts on an event in groups, so that a hundred rules stay readable: what sends first, what does not last, and
// the rules whose condition is not met by what decided that.

import { groupBy } from "../../parts/group-by.js";

/** What an operator looks for first; null is not known. */
const ORDER = [
  "fires",
  "collected",
  "observes",
  "failed",
  "muted",
  "repeated",
  "withheld",
  "empty",
  null,
  "unmet",
];

/** @typedef {{rule_id: string, name: string | null, verdict: string | null, deciding: any, delivery: any, [name: string]: any}} Verdict */
/** @typedef {{clause: string | null, rules: Verdict[]}} Need the rules that need the same of that field */
/** @typedef {{path: string | null, seen: string | null, rules: Verdict[], needs: Need[]}} Leaf the rules that one value of a field decided about */
/** @typedef {{verdict: string | null, rules: Verdict[]}} Group */

/**
 * Put verdicts into groups, in the order in which they are looked for; within one by name.
 * @param {Verdict[]} rules
 * @returns {Group[]}
 */
export function grouped(rules) {
  const groups = groupBy(rules, (rule) => rule.verdict);
  return [...groups]
    .map(([verdict, found]) => ({ verdict, rules: found.toSorted(byName) }))
    .toSorted((one, other) => place(one.verdict) - place(other.verdict));
}

/**
 * Put rules whose condition is not met together by the field, and its value, that decided it: the most frequent first.
 * @param {Verdict[]} rules
 * @returns {Leaf[]}
 */
export function byLeaf(rules) {
  const leaves = groupBy(rules, ({ deciding }) => (deciding ? JSON.stringify([deciding.path, deciding.seen]) : ""));
  return [...leaves]
    .map(([key, found]) => {
      const [path, seen] = key ? JSON.parse(key) : [null, null];
      return { path, seen, rules: found, needs: needsOf(found) };
    })
    .toSorted((one, other) => other.rules.length - one.rules.length || compare(one.path ?? "~", other.path ?? "~"));
}

/**
 * Put rules together that need the same: the most frequent first.
 * @param {Verdict[]} rules
 * @returns {Need[]}
 */
function needsOf(rules) {
  const needs = groupBy(rules, ({ deciding }) => deciding?.clause ?? null);
  return [...needs]
    .map(([clause, found]) => ({ clause, rules: found.toSorted(byName) }))
    .toSorted((one, other) => other.rules.length - one.rules.length);
}

/**
 * Return the rules by which something was sent, or is to be, in the order of the groups.
 * @param {Verdict[]} rules
 */
export function sending(rules) {
  const isSent = (/** @type {Verdict} */ { delivery }) => delivery && (delivery.attempt_count > 0 || delivery.status === "pending");
  return grouped(rules).flatMap((group) => group.rules.filter(isSent));
}

/** @param {string | null} verdict */
function place(verdict) {
  const at = ORDER.indexOf(verdict);
  return at < 0 ? ORDER.indexOf(null) : at;
}

/**
 * @param {Verdict} one
 * @param {Verdict} other
 */
function byName(one, other) {
  return compare(one.name ?? "~", other.name ?? "~") || compare(one.rule_id, other.rule_id);
}

/**
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}
