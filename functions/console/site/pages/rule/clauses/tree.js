// A condition as the builder draws it: a group whose items all hold, and within it rows, groups of which any
// item may hold, and what cannot be drawn, which is kept as it is.
//
// An event pattern has no other groups: "not" is an operator of a row.

import { isObject, member, onlyMember, put, same } from "../../../conditions/json.js";
import { OPERATORS } from "./operators.js";

/** @typedef {import("../../../conditions/json.js").Scalar} Scalar */
/** @typedef {{kind: "row", path: string[], operator: string, values: Scalar[]}} Row */
/** @typedef {{kind: "raw", path: string[], json: unknown}} Raw */
/** @typedef {{kind: "all", items: Item[]} | {kind: "any", items: Item[]}} Group */
/** @typedef {Row | Raw | Group} Item */
/** @typedef {{at: number[], fault: "path" | "value" | "twice" | "few" | "one_any"}} Fault */

const OR = "$or";
const LEAST_OPTIONS = 2;
const LOWER = [">", ">="];
const UPPER = ["<", "<="];

/**
 * Draw a condition; null stands for none.
 * @param {{[name: string]: unknown} | null} condition @returns {Group}
 */
export function drawn(condition) {
  return { kind: "all", items: condition === null ? [] : itemsOf(condition, []) };
}

/**
 * @param {{[name: string]: unknown}} pattern @param {string[]} path @returns {Item[]}
 */
function itemsOf(pattern, path) {
  return Object.entries(pattern).flatMap(([key, inner]) => {
    if (key === OR) return [anyOf(inner, path)];
    const here = [...path, ...key.split(".")];
    if (Array.isArray(inner)) return rowsOf(here, inner);
    return isObject(inner) ? itemsOf(inner, here) : [/** @type {Raw} */ ({ kind: "raw", path: here, json: inner })];
  });
}

/**
 * Draw an `$or`. One inside an object is kept as it is, since its fields must be met by the same object.
 * @param {unknown} options @param {string[]} path @returns {Item}
 */
function anyOf(options, path) {
  if (path.length > 0 || !Array.isArray(options) || !options.every(isObject)) {
    return { kind: "raw", path: [...path, OR], json: options };
  }
  const items = options.map((option) => {
    const inner = itemsOf(option, []);
    return inner.length === 1 ? /** @type {Item} */ (inner[0]) : /** @type {Group} */ ({ kind: "all", items: inner });
  });
  return { kind: "any", items };
}

/**
 * Draw the alternatives of a field: two bounds are two rows.
 * @param {string[]} path @param {unknown[]} alternatives @returns {Item[]}
 */
export function rowsOf(path, alternatives) {
  const numeric = onlyMember(alternatives[0]);
  if (alternatives.length === 1 && numeric?.[0] === "numeric" && Array.isArray(numeric[1])) {
    const bounds = numeric[1];
    if (bounds.length === 4 && !(bounds[0] === ">=" && bounds[2] === "<=")) {
      const rows = [bounds.slice(0, 2), bounds.slice(2)].flatMap((pair) => rowsOf(path, [{ numeric: pair }]));
      return rows.every((row) => row.kind === "row") ? rows : [{ kind: "raw", path, json: alternatives }];
    }
  }
  for (const [operator, { make, read }] of Object.entries(OPERATORS)) {
    const values = read(alternatives);
    if (values !== null && same(make(values), alternatives)) return [{ kind: "row", path, operator, values }];
  }
  return [{ kind: "raw", path, json: alternatives }];
}

/**
 * Write what is drawn as an event pattern. `condition` is null for none, or if there are faults.
 * @param {Group} group @returns {{condition: {[name: string]: unknown} | null, faults: Fault[]}}
 */
export function written(group) {
  /** @type {Fault[]} */
  const faults = [];
  const condition = patternOf(group, [], faults);
  return { condition: faults.length > 0 || group.items.length === 0 ? null : condition, faults };
}

/**
 * @param {Group} group @param {number[]} at @param {Fault[]} faults
 * @returns {{[name: string]: unknown}}
 */
function patternOf(group, at, faults) {
  /** @type {{[name: string]: unknown}} */
  const made = {};
  const items = group.kind === "any" ? [group] : group.items;
  items.forEach((item, number) => {
    const here = group.kind === "any" ? at : [...at, number];
    if (item.kind === "all") {
      faults.push({ at: here, fault: "one_any" });
    } else if (item.kind === "any") {
      if (Object.hasOwn(made, OR)) faults.push({ at: here, fault: "one_any" });
      put(made, OR, optionsOf(item, here, faults));
    } else {
      const json = item.kind === "raw" ? item.json : alternativesOf(item, here, faults);
      const fault = json === null && item.kind === "row" ? null : placed(made, item.path, json);
      if (fault !== null) faults.push({ at: here, fault });
    }
  });
  return made;
}

/**
 * @param {Group} group @param {number[]} at @param {Fault[]} faults @returns {unknown[]}
 */
function optionsOf(group, at, faults) {
  if (group.items.length < LEAST_OPTIONS) faults.push({ at, fault: "few" });
  return group.items.map((item, number) => {
    const here = [...at, number];
    if (item.kind === "all" && item.items.length === 0) faults.push({ at: here, fault: "few" });
    if (item.kind === "all" || item.kind === "any") return patternOf(item, here, faults);
    // A single row is a group of one, and its fault is at the row.
    /** @type {Fault[]} */
    const inner = [];
    const pattern = patternOf({ kind: "all", items: [item] }, [], inner);
    faults.push(...inner.map(({ fault }) => ({ at: here, fault })));
    return pattern;
  });
}

/**
 * @param {Row} row @param {number[]} at @param {Fault[]} faults @returns {unknown[] | null}
 */
function alternativesOf(row, at, faults) {
  const isNamed = row.path.some((name) => name !== "") && !row.path.includes(OR);
  const made = OPERATORS[row.operator]?.make(row.values) ?? null;
  if (!isNamed) faults.push({ at, fault: "path" });
  else if (made === null) faults.push({ at, fault: "value" });
  return isNamed ? made : null;
}

/**
 * Put alternatives at a path, together with those of another row of the same field.
 * @param {object} pattern @param {string[]} path @param {unknown} json @returns {"twice" | null}
 */
function placed(pattern, path, json) {
  let here = pattern;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(here, name)) put(here, name, {});
    here = member(here, name);
    if (!isObject(here)) return "twice";
  }
  const name = /** @type {string} */ (path.at(-1));
  const present = member(here, name);
  const both = present === undefined ? json : together(present, json);
  if (both === null) return "twice";
  put(here, name, both);
  return null;
}

/**
 * Make one list of two rows on one field, since a pattern names a field once; null if there is none.
 * @param {unknown} before @param {unknown} after @returns {unknown[] | null}
 */
export function together(before, after) {
  const bounds = [before, after].map(boundOf);
  for (const [first, second] of [bounds, bounds.toReversed()]) {
    if (first && second && LOWER.includes(String(first[0])) && UPPER.includes(String(second[0]))) {
      return [{ numeric: [...first, ...second] }];
    }
  }
  const [one, other] = [before, after].map(excludedOf);
  if (one && other) return [{ "anything-but": [...new Set([...one, ...other])] }, { exists: false }];
  return null;
}

/** @param {unknown} alternatives @returns {unknown[] | null} */
function boundOf(alternatives) {
  if (!Array.isArray(alternatives) || alternatives.length !== 1) return null;
  const named = onlyMember(alternatives[0]);
  const fits = named?.[0] === "numeric" && Array.isArray(named[1]) && named[1].length === 2;
  return fits ? /** @type {unknown[]} */ (named[1]) : null;
}

/** @param {unknown} alternatives @returns {unknown[] | null} */
function excludedOf(alternatives) {
  if (!Array.isArray(alternatives) || alternatives.length !== 2) return null;
  const named = onlyMember(alternatives[0]);
  const fits = named?.[0] === "anything-but" && Array.isArray(named[1]) && same(alternatives[1], { exists: false });
  return fits ? /** @type {unknown[]} */ (named[1]) : null;
}
