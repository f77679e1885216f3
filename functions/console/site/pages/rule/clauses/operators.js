/**
 * The operators of a row, each with what it makes of its values: the alternatives of an event pattern.
 *
 * They are those of the command line's clauses, and `in_network`, which has no clause.
 */

import { alternativesIn, itemOf } from "./items.js";
import { isScalar, onlyMember, same } from "./json.js";
import { escaped, pieces, starred } from "./wildcards.js";

/** @typedef {import("./json.js").Scalar} Scalar */
/** @typedef {"text" | "number" | "boolean" | "null"} Kind */
/**
 * `takes`: how many values. `kinds`: of which kinds. `make`: returns null if values are missing or do not fit.
 * `read`: returns the values that make these alternatives, null if there are none.
 * @typedef {object} Operator
 * @property {"none" | "one" | "two" | "many"} takes
 * @property {Kind[]} kinds
 * @property {(values: Scalar[]) => unknown[] | null} make
 * @property {(alternatives: unknown[]) => Scalar[] | null} read
 */

const IGNORE_CASE = "equals-ignore-case";
const GONE = { exists: false };

/** What a field is that is there and not null: `anything-but` and `exists` hold of null as well. */
export const PRESENT = [{ prefix: "" }, { numeric: ["<", 0] }, { numeric: [">=", 0] }, true, false];

/** What is not set: one producer writes null, another leaves the field out. */
export const ABSENT = [null, GONE];

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";

/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {unknown[]} values @param {(value: unknown) => boolean} fits */
const all = (values, fits) => values.length > 0 && values.every(fits);

/**
 * Make what is none of these: people count what is absent among the rest, patterns do not.
 * @param {unknown} what
 */
const but = (what) => [{ "anything-but": what }, GONE];

/** @template T @param {T[]} list @returns {T | T[]} */
const oneOrList = (list) => (list.length === 1 ? /** @type {T} */ (list[0]) : list);

/**
 * Make an operator that lists one alternative for each text.
 * @param {(text: string) => unknown} write @param {(alternative: unknown) => unknown} readOne
 * @returns {Operator}
 */
function each(write, readOne) {
  return {
    takes: "many",
    kinds: ["text"],
    make: (values) => (all(values, isText) ? values.map((value) => write(String(value))) : null),
    read: (alternatives) => {
      const values = alternatives.map(readOne);
      return all(values, isText) ? /** @type {string[]} */ (values) : null;
    },
  };
}

/**
 * Make an operator that excludes texts. `write`: of a text, what `anything-but` takes below `name`.
 * @param {string} name @param {(text: string) => string} write @param {(written: string) => unknown} readOne
 * @returns {Operator}
 */
function none(name, write = (text) => text, readOne = (text) => text) {
  return {
    takes: "many",
    kinds: ["text"],
    make: (values) =>
      all(values, isText) ? but({ [name]: oneOrList(values.map((value) => write(String(value)))) }) : null,
    read: (alternatives) => {
      const excluded = onlyMember(excludedBy(alternatives));
      if (excluded === null || excluded[0] !== name) return null;
      const values = [excluded[1]].flat().map((value) => (isText(value) ? readOne(value) : null));
      return all(values, isText) ? /** @type {string[]} */ (values) : null;
    },
  };
}

/**
 * Return what `anything-but` takes, where nothing else is said but that the field may be absent.
 * @param {unknown[]} alternatives @returns {unknown}
 */
function excludedBy(alternatives) {
  const [first, second] = alternatives;
  const named = onlyMember(first);
  return alternatives.length === 2 && same(second, GONE) && named?.[0] === "anything-but" ? named[1] : undefined;
}

/** @param {string} comparator @returns {Operator} */
function compared(comparator) {
  return {
    takes: "one",
    kinds: ["number"],
    make: (values) => (values.length === 1 && isNumber(values[0]) ? [{ numeric: [comparator, values[0]] }] : null),
    read: (alternatives) => {
      const numeric = operandOf(alternatives[0], "numeric");
      const fits = alternatives.length === 1 && Array.isArray(numeric) && numeric.length === 2;
      return fits && numeric[0] === comparator ? [numeric[1]] : null;
    },
  };
}

/** @param {unknown} alternative @param {string} name @returns {unknown} */
function operandOf(alternative, name) {
  const named = onlyMember(alternative);
  return named?.[0] === name ? named[1] : undefined;
}

/** @param {unknown[]} list @returns {Operator} */
function fixed(list) {
  return {
    takes: "none",
    kinds: ["text", "number", "boolean", "null"],
    make: () => list,
    read: (alternatives) => (same(alternatives, list) ? [] : null),
  };
}

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
  begins: each(
    (text) => ({ prefix: text }),
    (one) => operandOf(one, "prefix"),
  ),
  ends: each(
    (text) => ({ suffix: text }),
    (one) => operandOf(one, "suffix"),
  ),
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
  begins_any_case: each(
    (text) => ({ prefix: { [IGNORE_CASE]: text } }),
    (one) => operandOf(operandOf(one, "prefix"), IGNORE_CASE),
  ),
  ends_any_case: each(
    (text) => ({ suffix: { [IGNORE_CASE]: text } }),
    (one) => operandOf(operandOf(one, "suffix"), IGNORE_CASE),
  ),
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
