// Clauses as an event pattern, as the command line makes it of `--where`.

import { onlyMember, put } from "../../../conditions/json.js";
import { read } from "../../../conditions/judging.js";
import { ClauseError } from "../../../conditions/scanning.js";
import { textOf } from "../../../conditions/values.js";
import { alternative, between, finite, refuse } from "./items.js";
import { ABSENT, PRESENT } from "./makes.js";
import { OPERATORS } from "./operators.js";
import { together } from "./tree.js";
import { escaped, starred } from "./wildcards.js";

/** @typedef {import("../../../conditions/scanning.js").Clause} Clause */
/** @typedef {import("../../../conditions/scanning.js").Value} Value */

/**
 * Read clauses, all of which must hold, as an event pattern.
 * @param {string[]} clauses
 * @returns {{[name: string]: unknown} | null} null if one is none, or two cannot be put together
 */
export function patternOf(clauses) {
  /** @type {Map<string, unknown[]>} */
  const found = new Map();
  try {
    for (const text of clauses) {
      const clause = read(text);
      const field = clause.path.join(".");
      const before = found.get(field);
      const made = alternativesOf(clause);
      found.set(field, before === undefined ? made : (together(before, made) ?? refuse()));
    }
  } catch (error) {
    if (error instanceof ClauseError) return null;
    throw error;
  }
  const pattern = {};
  for (const [field, alternatives] of found) put(pattern, field, alternatives);
  return pattern;
}

/** @param {Clause} clause One that the service accepts. @returns {unknown[]} */
function alternativesOf({ operator, values }) {
  switch (operator) {
    case "":
      return PRESENT;
    case "!":
      return ABSENT;
    case "=":
      return values.map(alternative);
    case "!=":
      return noneOf(values);
    case "~=":
      return values.map(ignoringCase);
    case "!~=":
      return OPERATORS["is_not_any_case"]?.make(values.map(textOf)) ?? refuse();
    default:
      return values.map((value) => ({ numeric: [operator, finite(textOf(value))] }));
  }
}

/** @param {Value[]} values @returns {unknown[]} */
function noneOf(values) {
  const found = values.map(alternative);
  const made = OPERATORS["is_not"]?.make(/** @type {any[]} */ (found));
  if (made) return made;
  const written = values.map((value) => between(value).map(escaped).join("*"));
  const [first] = found.map(onlyMember);
  const isAlike = first && found.every((one) => onlyMember(one)?.[0] === first[0]);
  return (isAlike ? OPERATORS["not_matches"]?.make(written) : wildcards(written)) ?? refuse();
}

/** @param {string[]} written @returns {unknown[]} */
function wildcards(written) {
  const [only] = written;
  return [{ "anything-but": { wildcard: written.length === 1 ? only : written } }, { exists: false }];
}

/** @param {Value} value @returns {unknown} */
function ignoringCase(value) {
  const simple = starred(between(value));
  if (typeof simple === "string") return { "equals-ignore-case": simple };
  const [name, text] = onlyMember(simple) ?? refuse();
  return { [name]: { "equals-ignore-case": text } };
}
