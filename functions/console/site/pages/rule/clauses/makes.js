// What operators are made of: how texts and numbers become alternatives of an event pattern, and come back.

import { onlyMember, same } from "../../../conditions/json.js";

/** @typedef {import("../../../conditions/json.js").Scalar} Scalar */
/** @typedef {import("../../../conditions/fields.js").Kind} Kind */
/**
 * `takes`: how many values. `kinds`: of which kinds. `make`: returns null if values are missing or do not fit.
 * `read`: returns the values that make these alternatives, null if there are none.
 * @typedef {object} Operator
 * @property {"none" | "one" | "two" | "many"} takes
 * @property {Kind[]} kinds
 * @property {(values: Scalar[]) => unknown[] | null} make
 * @property {(alternatives: unknown[]) => Scalar[] | null} read
 */

export const IGNORE_CASE = "equals-ignore-case";
export const GONE = { exists: false };

/** What a field is that is there and not null: `anything-but` and `exists` hold of null as well. */
export const PRESENT = [{ prefix: "" }, { numeric: ["<", 0] }, { numeric: [">=", 0] }, true, false];

/** What is not set: one producer writes null, another leaves the field out. */
export const ABSENT = [null, GONE];

/** @param {unknown} value @returns {value is string} */
export const isText = (value) => typeof value === "string";

/** @param {unknown} value @returns {value is number} */
export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {unknown[]} values @param {(value: unknown) => boolean} fits */
export const all = (values, fits) => values.length > 0 && values.every(fits);

/**
 * Make what is none of these: people count what is absent among the rest, patterns do not.
 * @param {unknown} what
 */
export const but = (what) => [{ "anything-but": what }, GONE];

/** @template T @param {T[]} list @returns {T | T[]} */
export const oneOrList = (list) => (list.length === 1 ? /** @type {T} */ (list[0]) : list);

/**
 * Make an operator that lists one alternative for each text.
 * @param {(text: string) => unknown} write @param {(alternative: unknown) => unknown} readOne
 * @returns {Operator}
 */
export function each(write, readOne) {
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

/** @param {"prefix" | "suffix"} name */
export function affix(name) {
  return each(
    (text) => ({ [name]: text }),
    (one) => operandOf(one, name),
  );
}

/** @param {"prefix" | "suffix"} name */
export function affixAnyCase(name) {
  return each(
    (text) => ({ [name]: { [IGNORE_CASE]: text } }),
    (one) => operandOf(operandOf(one, name), IGNORE_CASE),
  );
}

/**
 * Make an operator that excludes texts. `write`: of a text, what `anything-but` takes below `name`.
 * @param {string} name @param {(text: string) => string} write @param {(written: string) => unknown} readOne
 * @returns {Operator}
 */
export function none(name, write = (text) => text, readOne = (text) => text) {
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
export function excludedBy(alternatives) {
  const [first, second] = alternatives;
  const named = onlyMember(first);
  return alternatives.length === 2 && same(second, GONE) && named?.[0] === "anything-but" ? named[1] : undefined;
}

/** @param {string} comparator @returns {Operator} */
export function compared(comparator) {
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
export function operandOf(alternative, name) {
  const named = onlyMember(alternative);
  return named?.[0] === name ? named[1] : undefined;
}

/** @param {unknown[]} list @returns {Operator} */
export function fixed(list) {
  return {
    takes: "none",
    kinds: ["text", "number", "boolean", "null"],
    make: () => list,
    read: (alternatives) => (same(alternatives, list) ? [] : null),
  };
}
