// What is wrong with a clause, as the service judges it: a fault is told where it is typed, in the language of the page.
// What only the service knows, it tells itself when it is asked.

import { ClauseError, scan } from "./scanning.js";
import { boundsOf, hasStars, isNumeral, textOf, WORDS } from "./values.js";

/** @typedef {import("./scanning.js").Clause} Clause */
/** @typedef {import("./scanning.js").ClauseFault} ClauseFault */
/** @typedef {import("./scanning.js").Value} Value */

const MAX_STARS = 5;
const MAX_NAMES = 10;

/**
 * Read a clause that the service accepts.
 * @param {string} text @returns {Clause} @throws {ClauseError} it is none, or cannot be used
 */
export function read(text) {
  const clause = scan(text);
  check(clause);
  return clause;
}

/**
 * Find what is wrong with a clause; null if nothing is.
 * @param {string} text
 * @returns {ClauseFault | null}
 */
export function clauseFault(text) {
  try {
    read(text);
    return null;
  } catch (error) {
    if (error instanceof ClauseError) return error.fault;
    throw error;
  }
}

/** @param {Clause} clause */
function check({ path, operator, values, at }) {
  if (path.length > MAX_NAMES) throw new ClauseError("deep", 0, { most: String(MAX_NAMES) });
  if (["<", "<=", ">", ">="].includes(operator)) {
    const [only] = values;
    if (values.length > 1 || !isBare(only) || !isNumeral(textOf(only))) throw new ClauseError("comparison", only.at, { operator });
  } else if (operator === "!~=") {
    const starred = values.find(hasStars);
    if (starred) throw new ClauseError("no_stars", starred.at);
  } else if (operator === "~=") {
    const starred = values.find((one) => hasStars(one) && !isAtEnd(one));
    if (starred) throw new ClauseError("star_inside", starred.at);
  } else {
    values.forEach(checkValue);
    if (operator === "!=" && isMixed(values)) throw new ClauseError("mixed", at);
    if (operator === "!=" && isEverything(values)) throw new ClauseError("nothing_left", at);
  }
}

/** @param {Value} value */
function checkValue(value) {
  const { pieces, at } = value;
  if (pieces.some((piece, index) => piece === null && pieces[index + 1] === null)) throw new ClauseError("two_stars", at);
  if (starsIn(pieces) > MAX_STARS) throw new ClauseError("many_stars", at, { most: String(MAX_STARS) });
  const bounds = isBare(value) ? boundsOf(textOf(value)) : null;
  if (bounds && Number(bounds[0]) >= Number(bounds[1])) {
    throw new ClauseError("range", at, { lower: bounds[0], upper: bounds[1] });
  }
}

/** @param {Value["pieces"]} pieces */
function starsIn(pieces) {
  return pieces.filter((piece) => piece === null).length;
}

/** @param {Value} value */
function isAtEnd({ pieces }) {
  return starsIn(pieces) === 1 && (pieces[0] === null || pieces.at(-1) === null);
}

/**
 * Tell whether these are beginnings of texts, and one of them that of every text.
 * @param {Value[]} values
 */
function isEverything(values) {
  const areBeginnings = values.every(({ pieces }) => starsIn(pieces) === 1 && pieces.at(-1) === null);
  return areBeginnings && values.some(({ pieces }) => pieces.length === 1);
}

/** @param {Value} value */
function isBare(value) {
  return !value.quoted && !hasStars(value);
}

/** @param {Value[]} values */
function isMixed(values) {
  const kinds = new Set(values.map(kind));
  if (values.length === 1) return kinds.has("range");
  return kinds.size > 1 || kinds.has("word") || kinds.has("range");
}

/** @param {Value} value */
function kind(value) {
  const text = textOf(value);
  if (!isBare(value)) return "text";
  if (isNumeral(text)) return "number";
  if (WORDS.has(text)) return "word";
  return boundsOf(text) ? "range" : "text";
}
