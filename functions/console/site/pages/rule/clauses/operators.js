// The operators of a row, each with what it makes of its values: the alternatives of an event pattern.
//
// They are those of the command line's clauses, and `in_network`, which has no clause.

import { isScalar, onlyMember } from "../../../conditions/json.js";
import { alternativesIn, itemOf } from "./items.js";
import { ABSENT, affix, affixAnyCase, all, but, compared, each, excludedBy, fixed, GONE, IGNORE_CASE, isNumber, isText, none, oneOrList, operandOf, PRESENT } from "./makes.js";
import { escaped, pieces, starred } from "./wildcards.js";

/** @typedef {import("../../../conditions/json.js").Scalar} Scalar */
/** @typedef {import("../../../conditions/fields.js").Kind} Kind */
/** @typedef {import("./makes.js").Operator} Operator */

/** @param {unknown} wildcard @returns {string | null} */
function middle(wildcard) {
  const parts = isText(wildcard) ? pieces(wildcard) : null;
  return parts?.length === 3 && parts[0] === "" && parts[2] === "" && parts[1] ? parts[1] : null;
}

/** @type {Operator} */
const is = {
  takes: "many",
  kinds: ["text", "number", "boolean", "null"],
  make: (values) => (all(values, isScalar) ? values : null),
  read: (alternatives) => (all(alternatives, isScalar) ? /** @type {Scalar[]} */ (alternatives) : null),
};

/** @type {Operator} */
const isNot = {
  takes: "many",
  kinds: ["text", "number", "boolean", "null"],
  make: (values) => {
    const [only] = values;
    if (values.length === 1 && typeof only === "boolean") return [!only, null, GONE];
    if (values.length === 1 && only === null) return PRESENT;
    return all(values, isText) || all(values, isNumber) ? but(values) : null;
  },
  read: (alternatives) => {
    if (alternatives.length === 3 && typeof alternatives[0] === "boolean") return [!alternatives[0]];
    const values = excludedBy(alternatives);
    return Array.isArray(values) ? values : null;
  },
};

/** @type {Operator} */
const between = {
  takes: "two",
  kinds: ["number"],
  make: ([lower, upper]) =>
    isNumber(lower) && isNumber(upper) && lower < upper ? [{ numeric: [">=", lower, "<=", upper] }] : null,
  read: (alternatives) => {
    const numeric = operandOf(alternatives[0], "numeric");
    return Array.isArray(numeric) && numeric.length === 4 ? [numeric[1], numeric[3]] : null;
  },
};

/** @type {Operator} */
const matches = each(
  (text) => starred(pieces(text) ?? [text]),
  (one) => operandOf(one, "wildcard"),
);

/** @type {Operator} */
const notMatches = {
  ...none("wildcard"),
  make: (values) => {
    if (!all(values, isText)) return null;
    const made = values.map((value) => onlyMember(starred(pieces(String(value)) ?? [String(value)])));
    const [first] = made;
    // As the command line does: one operator where it says all of them, otherwise all are wildcards.
    const alike = first && first[0] !== "wildcard" && made.every((one) => one?.[0] === first[0]);
    return alike ? but({ [first[0]]: oneOrList(made.map((one) => one?.[1])) }) : none("wildcard").make(values);
  },
};

/**
 * Any of several values and texts with stars, each as clauses write it.
 * @type {Operator}
 */
const anyOf = {
  takes: "many",
  kinds: ["text"],
  make: (values) => (all(values, isText) ? alternativesIn(values.join(",")) : null),
  read: (alternatives) => {
    const values = alternatives.map(itemOf);
    return all(values, isText) ? values : null;
  },
};

/** In the order in which they are offered. @type {Record<string, Operator>} */
export const OPERATORS = {
  is,
  is_not: isNot,
  greater: compared(">"),
  at_least: compared(">="),
  less: compared("<"),
  at_most: compared("<="),
  between,
  begins: affix("prefix"),
  ends: affix("suffix"),
  contains: each(
    (text) => ({ wildcard: `*${escaped(text)}*` }),
    (one) => middle(operandOf(one, "wildcard")),
  ),
  matches,
  not_begins: none("prefix"),
  not_ends: none("suffix"),
  not_contains: none("wildcard", (text) => `*${escaped(text)}*`, middle),
  not_matches: notMatches,
  is_any_case: each(
    (text) => ({ [IGNORE_CASE]: text }),
    (one) => operandOf(one, IGNORE_CASE),
  ),
  begins_any_case: affixAnyCase("prefix"),
  ends_any_case: affixAnyCase("suffix"),
  is_not_any_case: none(IGNORE_CASE),
  any_of: anyOf,
  in_network: each(
    (text) => ({ cidr: text }),
    (one) => operandOf(one, "cidr"),
  ),
  present: fixed(PRESENT),
  absent: fixed(ABSENT),
};

/** @param {Kind[] | null} kinds Those that a field can have; null if any. @returns {string[]} */
export function fitting(kinds) {
  const names = Object.keys(OPERATORS);
  return names.filter((name) => {
    const operator = OPERATORS[name];
    return kinds === null || operator?.takes === "none" || kinds.some((kind) => kind !== "null" && operator?.kinds.includes(kind));
  });
}
