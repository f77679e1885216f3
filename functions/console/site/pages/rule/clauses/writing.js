/** A condition as clauses, if there are clauses that say all of it. */

import { isRounded, same } from "./json.js";
import { isPlain, patternOf } from "./reading.js";
import { SPECIAL, strip } from "./scanning.js";
import { drawn, rowsOf, written } from "./tree.js";
import { pieces } from "./wildcards.js";

/** @typedef {import("./json.js").Scalar} Scalar */
/** @typedef {import("./tree.js").Row} Row */
/** @typedef {import("./tree.js").Item} Item */

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

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
 * Write alternatives of several operators as one clause, such as `name=a,b*`.
 * @param {string[]} path @param {unknown[]} alternatives @returns {string | null}
 */
function mixedClause(path, alternatives) {
  const clauses = alternatives.map((one) => {
    const [row] = rowsOf(path, [one]);
    return row?.kind === "row" ? clauseOf(row) : null;
  });
  const field = path.map(name).join(".");
  for (const start of [`${field}=`, `${field}~=`]) {
    if (clauses.length > 0 && clauses.every((clause) => clause?.startsWith(start))) {
      return `${start}${clauses.map((clause) => clause?.slice(start.length)).join(",")}`;
    }
  }
  return null;
}

/**
 * Write a row as a clause; nobody has made sure that it makes the same row. Null if there is none.
 * @param {Row} row @returns {string | null}
 */
export function clauseOf({ path, operator, values }) {
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
    case "in_network":
      return null;
    case "is_any_case":
    case "is_not_any_case":
      return list(SIGNS[operator] ?? "", quotedIfNeeded);
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
  const write = STARRED[operator.replace("not_", "")] ?? quotedIfNeeded;
  return `${field}${sign}${texts.map(write).join(",")}`;
}

/** @type {Record<string, (text: string) => string>} */
const STARRED = {
  begins: (text) => `${piece(text)}*`,
  ends: (text) => `*${piece(text)}`,
  contains: (text) => `*${piece(text)}*`,
  matches: (wildcard) => {
    const parts = pieces(wildcard) ?? [wildcard];
    return parts.length === 1 ? quotedIfNeeded(parts[0] ?? "") : parts.map(piece).join("*");
  },
};

/** Write a value as clauses do. @param {Scalar} scalar */
export function literal(scalar) {
  return typeof scalar === "string" ? quotedIfNeeded(scalar) : JSON.stringify(scalar);
}

/** @param {string} text */
function quotedIfNeeded(text) {
  return text && isPlain(text) && isBare(text) ? text : quoted(text);
}

/** @param {string} text */
function piece(text) {
  return isBare(text) ? text : quoted(text);
}

/** @param {string} text */
function isBare(text) {
  const begins = text !== "" && "=!<>~".includes(text.charAt(0));
  return !UNPRINTABLE.test(text) && text === strip(text) && !begins && !/[",*]/.test(text);
}

/** @param {string} text */
function quoted(text) {
  const json = JSON.stringify(text);
  if (!UNPRINTABLE.test(text)) return json;
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @param {string} name */
function name(name) {
  const isPlainName = name !== "" && !UNPRINTABLE.test(name) && ![...`${SPECIAL} \\`].some((one) => name.includes(one));
  return isPlainName && name === strip(name) ? name : quoted(name);
}
