// The values of clauses: what each means as an alternative of an event pattern, and how it is written.

import { isScalar, onlyMember } from "../../../conditions/json.js";
import { read } from "../../../conditions/judging.js";
import { ClauseError, strip } from "../../../conditions/scanning.js";
import { boundsOf, hasStars, isPlain, textOf, WORDS } from "../../../conditions/values.js";
import { pieces, starred } from "./wildcards.js";

/** @typedef {import("../../../conditions/json.js").Scalar} Scalar */
/** @typedef {import("../../../conditions/scanning.js").Value} Value */

/** What has to be written with escapes. */
export const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** @returns {never} */
export function refuse() {
  throw new ClauseError();
}

/**
 * Join what stands between the stars.
 * @param {Value} value @returns {string[]}
 */
export function between(value) {
  const parts = [""];
  for (const piece of value.pieces) {
    if (piece === null) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** Return what a value after `=` means. @param {Value} value @returns {unknown} */
export function alternative(value) {
  if (hasStars(value)) return starred(between(value));
  const text = textOf(value);
  if (value.quoted || isPlain(text)) return text;
  if (WORDS.has(text)) return WORDS.get(text);
  const bounds = boundsOf(text);
  if (bounds === null) return finite(text);
  return { numeric: [">=", finite(bounds[0]), "<=", finite(bounds[1])] };
}

/** @param {string} text @returns {number} */
export function finite(text) {
  const made = Number(text);
  return Number.isFinite(made) ? made : refuse();
}

/**
 * Return what several values after `=` mean; null if they are none.
 * @param {string} text with commas between them @returns {unknown[] | null}
 */
export function alternativesIn(text) {
  try {
    return read(`f=${text}`).values.map(alternative);
  } catch (error) {
    if (error instanceof ClauseError) return null;
    throw error;
  }
}

/** Write an alternative as a value after `=`; null if there is none. @param {unknown} one @returns {string | null} */
export function itemOf(one) {
  if (isScalar(one)) return literal(one);
  const [name, operand] = onlyMember(one) ?? ["", null];
  if (name === "numeric" && Array.isArray(operand) && operand.length === 4) return `${literal(operand[1])}..${literal(operand[3])}`;
  if (typeof operand !== "string") return null;
  if (name === "prefix") return `${piece(operand)}*`;
  if (name === "suffix") return `*${piece(operand)}`;
  return name === "wildcard" ? starredText(operand) : null;
}

/** Write a wildcard with its stars as they are. @param {string} wildcard */
export function starredText(wildcard) {
  const parts = pieces(wildcard) ?? [wildcard];
  return parts.length === 1 ? spelled(parts[0] ?? "") : parts.map(piece).join("*");
}

/** Write a value as clauses do. @param {Scalar} scalar */
export function literal(scalar) {
  return typeof scalar === "string" ? spelled(scalar) : JSON.stringify(scalar);
}

/** Write a text, in quotes if it would mean something else without. @param {string} text */
export function spelled(text) {
  return text && isPlain(text) && isBare(text) ? text : quoted(text);
}

/** Write a text that stands beside a star. @param {string} text */
export function piece(text) {
  return isBare(text) ? text : quoted(text);
}

/** @param {string} text */
function isBare(text) {
  const begins = text !== "" && "=!<>~".includes(text.charAt(0));
  return !UNPRINTABLE.test(text) && text === strip(text) && !begins && !/[",*]/.test(text);
}

/** @param {string} text */
export function quoted(text) {
  const json = JSON.stringify(text);
  if (!UNPRINTABLE.test(text)) return json;
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
