// What the values of clauses are: texts, numbers, ranges, and words of JSON (`core/conditions/values.py`).

/** @typedef {import("./scanning.js").Value} Value */

const NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";
const IS_NUMBER = new RegExp(`^${NUMBER}$`);
const IS_RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`);

/** The words of JSON, with what they stand for. */
export const WORDS = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** @param {Value} value */
export const hasStars = (value) => value.pieces.includes(null);

/** Return what a value without stars says. @param {Value} value */
export const textOf = (value) => value.pieces.join("");

/** Tell whether a text writes a number, as JSON does. @param {string} text */
export const isNumeral = (text) => IS_NUMBER.test(text);

/** Return the two numbers of a range; null if it is none. @param {string} text @returns {[string, string] | null} */
export function boundsOf(text) {
  const [, lower, upper] = IS_RANGE.exec(text) ?? [];
  return lower !== undefined && upper !== undefined ? [lower, upper] : null;
}

/** Tell whether a bare value is text, and no number, range, or word of JSON. @param {string} text */
export function isPlain(text) {
  return !WORDS.has(text) && !isNumeral(text) && boundsOf(text) === null;
}
