// A condition as clauses, if there are clauses that say all of it.

import { isRounded, same } from "../../../conditions/json.js";
import { SPECIAL, strip } from "../../../conditions/scanning.js";
import { literal, piece, quoted, spelled, starredText, UNPRINTABLE } from "./items.js";
import { patternOf } from "./reading.js";
import { drawn, rowsOf, written } from "./tree.js";

/** @typedef {import("./tree.js").Row} Row */
/** @typedef {import("./tree.js").Item} Item */

/** What stands between a path and its values. @type {Record<string, string>} */
const SIGNS = { greater: ">", at_least: ">=", less: "<", at_most: "<=", is_any_case: "~=", is_not_any_case: "!~=" };

/**
 * Write a condition as clauses that make the identical condition; null if there are none.
 * @param {{[name: string]: unknown}} condition @returns {string[] | null}
 */
export function clausesOf(condition) {
  if (isRounded(condition)) return null;
  const clauses = drawn(condition).items.map(itemClause);
  if (!clauses.every((clause) => clause !== null)) return null;
  const made = patternOf(clauses);
  return made !== null && same(written(drawn(made)).condition, written(drawn(condition)).condition) ? clauses : null;
}

/**
 * Write an item as a clause; null if there is none.
 * @param {Item} item @returns {string | null}
 */
export function itemClause(item) {
  if (item.kind === "row") return clauseOf(item);
  return item.kind === "raw" && Array.isArray(item.json) ? mixedClause(item.path, item.json) : null;
}

/**
 * Write alternatives of several operators that ignore the case as one clause, such as `name~=a,b*`.
 * @param {string[]} path @param {unknown[]} alternatives @returns {string | null}
 */
function mixedClause(path, alternatives) {
  const start = `${path.map(name).join(".")}~=`;
  const items = alternatives.map((one) => {
    const [row] = rowsOf(path, [one]);
    const clause = row?.kind === "row" ? clauseOf(row) : null;
    return clause?.startsWith(start) ? clause.slice(start.length) : null;
  });
  return items.length > 0 && items.every((item) => item !== null) ? start + items.join(",") : null;
}

/**
 * Write a row as a clause; nobody has made sure that it makes the same row. Null if there is none.
 * @param {Row} row @returns {string | null}
 */
function clauseOf({ path, operator, values }) {
  const field = path.map(name).join(".");
  const texts = values.map(String);
  /** @param {string} sign @param {(text: string) => string} write */
  const list = (sign, write) => `${field}${sign}${texts.map(write).join(",")}`;
  switch (operator) {
    case "present":
      return field;
    case "absent":
      return `!${field}`;
    case "is":
    case "is_not":
      return `${field}${operator === "is" ? "=" : "!="}${values.map(literal).join(",")}`;
    case "between":
      return `${field}=${values.map(literal).join("..")}`;
    case "any_of":
      return `${field}=${texts.join(",")}`;
    case "in_network":
      return null;
    case "is_any_case":
    case "is_not_any_case":
      return list(SIGNS[operator] ?? "", spelled);
    case "begins_any_case":
      return list("~=", (text) => `${piece(text)}*`);
    case "ends_any_case":
      return list("~=", (text) => `*${piece(text)}`);
    default:
      return operator in SIGNS ? `${field}${SIGNS[operator]}${values.map(literal).join(",")}` : starredClause(field, operator, texts);
  }
}

/** @param {string} field @param {string} operator @param {string[]} texts */
function starredClause(field, operator, texts) {
  const sign = operator.startsWith("not_") ? "!=" : "=";
  const write = STARRED[operator.replace("not_", "")] ?? spelled;
  return `${field}${sign}${texts.map(write).join(",")}`;
}

/** @type {Record<string, (text: string) => string>} */
const STARRED = {
  begins: (text) => `${piece(text)}*`,
  ends: (text) => `*${piece(text)}`,
  contains: (text) => `*${piece(text)}*`,
  matches: starredText,
};

/** @param {string} name */
function name(name) {
  const isPlainName = name !== "" && !UNPRINTABLE.test(name) && ![...`${SPECIAL} \\`].some((one) => name.includes(one));
  return isPlainName && name === strip(name) ? name : quoted(name);
}
