// What is wrong with a clause, as `core/conditions/scanning.py` and `values.py` judge it: a fault is told where it is
// typed, in the language of the page. What only the service knows, it tells itself when it is asked.

const OPERATORS = ["!~=", "!=", "~=", ">=", "<=", "=", ">", "<"];
const MEANT = /** @type {Record<string, string>} */ ({
  "==": "=",
  "=~": "~=",
  "=>": ">=",
  "=<": "<=",
  "<>": "!=",
  "=!": "!=",
});
const ENDS_NAME = '=!<>~",*.';
const ENDS_VALUE = '",*';
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const QUOTED = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const MAX_STARS = 5;
const MAX_NAMES = 10;

/** @typedef {{code: string, at: number, values?: Record<string, string>}} ClauseFault code: of the text; at: the place */
/** @typedef {{at: number, text: string, stars: number[], length: number, quoted: boolean}} Item stars: where, among its pieces */

class Wrong extends Error {
  /**
   * @param {string} code
   * @param {number} at
   * @param {Record<string, string>} [values]
   */
  constructor(code, at, values) {
    super(code);
    this.fault = { code, at, values };
  }
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
    if (error instanceof Wrong) return error.fault;
    throw error;
  }
}

/** @param {string} text */
function read(text) {
  const start = text.length - text.trimStart().length;
  const isAbsent = text[start] === "!";
  const at = skipped(text, path(text, isAbsent ? start + 1 : start));
  const rest = text.slice(at).trimEnd();
  if (isAbsent && rest) throw new Wrong("absent", at);
  if (!rest) return;
  const other = Object.keys(MEANT).find((one) => rest.startsWith(one));
  if (other) throw new Wrong("meant", at, { other, meant: MEANT[other] });
  const operator = OPERATORS.find((one) => rest.startsWith(one));
  if (!operator) throw new Wrong("operator", at, { rest, operators: OPERATORS.join(" ") });
  check(operator, items(text, at + operator.length), at);
}

/**
 * Read a path; return where it ends.
 * @param {string} text
 * @param {number} start
 */
function path(text, start) {
  let at = start;
  let names = 0;
  for (;;) {
    at = skipped(text, at);
    const begin = at;
    if (text[at] === '"') {
      at = quotedEnd(text, at);
      names += JSON.parse(text.slice(begin, at)).split(".").length;
    } else {
      while (at < text.length && !ENDS_NAME.includes(text[at])) at += 1;
      names += 1;
    }
    const isEmpty = at === begin;
    at = skipped(text, at);
    if (text[at] !== ".") {
      if (isEmpty && begin === skipped(text, start)) throw new Wrong("field", begin);
      if (names > MAX_NAMES) throw new Wrong("deep", start, { most: String(MAX_NAMES) });
      return at;
    }
    at += 1;
  }
}

/**
 * @param {string} text
 * @param {number} at
 */
function skipped(text, at) {
  while (at < text.length && /\s/.test(text[at])) at += 1;
  return at;
}

/**
 * @param {string} text
 * @param {number} at
 */
function quotedEnd(text, at) {
  QUOTED.lastIndex = at;
  const found = QUOTED.exec(text);
  if (!found) throw new Wrong("quote", at);
  return at + found[0].length;
}

/**
 * @param {string} text
 * @param {number} start
 */
function items(text, start) {
  /** @type {Item[]} */
  const found = [];
  let at = start;
  do {
    const [item, end] = itemAt(text, at);
    found.push(item);
    at = end + 1;
  } while (text[at - 1] === ",");
  return found;
}

/**
 * Read one value; return it, and where it ends.
 * @param {string} text
 * @param {number} start
 * @returns {[Item, number]}
 */
function itemAt(text, start) {
  let at = start;
  /** @type {Item} */
  const item = { at: skipped(text, start), text: "", stars: [], length: 0, quoted: false };
  while (at < text.length && text[at] !== ",") {
    const begin = at;
    if (text[at] === '"') {
      at = quotedEnd(text, at);
      item.quoted = true;
      item.text += JSON.parse(text.slice(begin, at));
    } else if (text[at] === "*") {
      item.stars.push(item.length);
      at += 1;
    } else {
      while (at < text.length && !ENDS_VALUE.includes(text[at])) at += 1;
      item.text += text.slice(begin, at);
      const isAtAnEnd = begin === start || at === text.length || text[at] === ",";
      if (isAtAnEnd && !text.slice(begin, at).trim()) continue; // white space around a value is none of it
    }
    item.length += 1;
  }
  if (!item.quoted) item.text = item.text.trim();
  if (!item.quoted && !item.stars.length && !item.text) throw new Wrong("value", item.at);
  if ("=!<>~".includes(text[item.at] ?? " ") && item.at < at) {
    throw new Wrong("sign", item.at, { sign: text[item.at] });
  }
  return [item, at];
}

/**
 * @param {string} operator
 * @param {Item[]} values
 * @param {number} at
 */
function check(operator, values, at) {
  if (["<", "<=", ">", ">="].includes(operator)) {
    const [only] = values;
    if (values.length > 1 || only.quoted || only.stars.length || !NUMBER.test(only.text)) {
      throw new Wrong("comparison", only.at, { operator });
    }
  } else if (operator === "!~=") {
    const starred = values.find((one) => one.stars.length);
    if (starred) throw new Wrong("no_stars", starred.at);
  } else if (operator === "~=") {
    const starred = values.find((one) => one.stars.length && !isAtEnd(one));
    if (starred) throw new Wrong("star_inside", starred.at);
  } else {
    values.forEach(checkValue);
    if (operator === "!=" && isMixed(values)) throw new Wrong("mixed", at);
    if (operator === "!=" && isEverything(values)) throw new Wrong("nothing_left", at);
  }
}

/** @param {Item} item */
function isAtEnd(item) {
  return item.stars.length === 1 && [0, item.length - 1].includes(item.stars[0]);
}

/**
 * Tell whether these are beginnings of texts, and one of them that of every text.
 * @param {Item[]} values
 */
function isEverything(values) {
  const areBeginnings = values.every((one) => one.stars.length === 1 && one.stars[0] === one.length - 1);
  return areBeginnings && values.some((one) => one.length === 1);
}

/** @param {Item} item */
function checkValue(item) {
  if (item.stars.some((star, index) => item.stars[index + 1] === star + 1)) throw new Wrong("two_stars", item.at);
  if (item.stars.length > MAX_STARS) throw new Wrong("many_stars", item.at, { most: String(MAX_STARS) });
  const bounds = isBare(item) ? range(item.text) : null;
  if (bounds && Number(bounds[0]) >= Number(bounds[1])) {
    throw new Wrong("range", item.at, { lower: bounds[0], upper: bounds[1] });
  }
}

/** @param {Item} item */
function isBare(item) {
  return !item.quoted && !item.stars.length;
}

/** @param {string} text */
function range(text) {
  const at = text.indexOf("..");
  const bounds = at < 0 ? [] : [text.slice(0, at), text.slice(at + 2)];
  return bounds.length && bounds.every((one) => NUMBER.test(one)) ? bounds : null;
}

/** @param {Item[]} values */
function isMixed(values) {
  const kinds = new Set(values.map(kind));
  if (values.length === 1) return kinds.has("range");
  return kinds.size > 1 || kinds.has("word") || kinds.has("range");
}

/** @param {Item} item */
function kind(item) {
  if (!isBare(item)) return "text";
  if (NUMBER.test(item.text)) return "number";
  if (["true", "false", "null"].includes(item.text)) return "word";
  return range(item.text) ? "range" : "text";
}
