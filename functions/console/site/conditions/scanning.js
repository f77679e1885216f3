// A clause's parts: its path, its operator, and its values with their stars and quotes; or what is wrong with it, and where.
//
// This reads what the service reads (`core/conditions/scanning.py`), so that a fault is told where it is typed, and a text
// can go back into the builder. What is saved or searched is the text itself, which the service reads.

/** What ends a bare name; in a bare value it is the last three that mean something. */
export const SPECIAL = '=!<>~",*';

/** A piece of a value: a text, or null for a star. @typedef {string | null} Piece */
/** `at`: where it begins. @typedef {{pieces: Piece[], quoted: boolean, at: number}} Value */
/** `at`: where its operator begins. @typedef {{path: string[], operator: string, values: Value[], at: number}} Clause */
/** `code`: of the text that says it. @typedef {{code: string, at: number, values?: Record<string, string>}} ClauseFault */

/** A text that is no clause, or one that cannot be used. */
export class ClauseError extends Error {
  /** @param {string} [code] @param {number} [at] @param {Record<string, string>} [values] */
  constructor(code = "", at = 0, values) {
    super(code);
    /** @type {ClauseFault} */
    this.fault = { code, at, values };
  }
}

const OPERATORS = ["!~=", "!=", "~=", ">=", "<=", "=", ">", "<"];
/** What people write who know another language. @type {Record<string, string>} */
const MEANT = { "==": "=", "=~": "~=", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=" };
const QUOTED = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACES = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
const LEADING = new RegExp(`^${SPACES}`);
const TRAILING = new RegExp(`${SPACES}$`);

/** Remove white space as the service does. @param {string} text */
export const strip = (text) => text.replace(LEADING, "").replace(TRAILING, "");

/**
 * Read a clause.
 * @param {string} text @returns {Clause} @throws {ClauseError} it is none
 */
export function scan(text) {
  const start = past(text, 0);
  const isAbsent = text[start] === "!";
  const [path, at] = pathOf(text, isAbsent ? start + 1 : start);
  const rest = strip(text.slice(at));
  if (isAbsent && rest) throw new ClauseError("absent", at);
  if (isAbsent || !rest) return { path, operator: isAbsent ? "!" : "", values: [], at };
  const other = Object.keys(MEANT).find((one) => rest.startsWith(one));
  if (other !== undefined) throw new ClauseError("meant", at, { other, meant: MEANT[other] ?? "" });
  const operator = OPERATORS.find((one) => rest.startsWith(one));
  if (operator === undefined) throw new ClauseError("operator", at, { rest, operators: OPERATORS.join(" ") });
  return { path, operator, values: valuesOf(text, at + operator.length), at };
}

/** @param {string} text @param {number} start @returns {[string[], number]} */
function pathOf(text, start) {
  /** @type {string[]} */
  const names = [];
  let at = start - 1;
  do {
    at = past(text, at + 1);
    const [name, end] = text[at] === '"' ? quotedAt(text, at) : bareName(text, at);
    names.push(...name.split("."));
    at = past(text, end);
  } while (text[at] === ".");
  if (names.length === 1 && names[0] === "" && text[past(text, 0)] !== '"') throw new ClauseError("field", past(text, start));
  return [names, at];
}

/** @param {string} text @param {number} at */
function past(text, at) {
  return at + (LEADING.exec(text.slice(at))?.[0].length ?? 0);
}

/** @param {string} text @param {number} at @returns {[string, number]} */
function bareName(text, at) {
  let end = at;
  while (end < text.length && !SPECIAL.includes(text.charAt(end)) && text[end] !== ".") end += 1;
  return [text.slice(at, end).replace(TRAILING, ""), end];
}

/** @param {string} text @param {number} at @returns {[string, number]} */
function quotedAt(text, at) {
  QUOTED.lastIndex = at;
  const found = QUOTED.exec(text);
  if (found === null) throw new ClauseError("quote", at);
  return [JSON.parse(found[0]), QUOTED.lastIndex];
}

/** @typedef {{at: number, parts: {piece: Piece, quoted: boolean}[]}} Written a value with the white space around it */

/** @param {string} text @param {number} start @returns {Value[]} */
function valuesOf(text, start) {
  /** @type {Written} */
  let last = { at: start, parts: [] };
  const found = [last];
  for (let at = start; at < text.length; ) {
    if (text[at] === '"') {
      const [piece, end] = quotedAt(text, at);
      last.parts.push({ piece, quoted: true });
      at = end;
    } else if (text[at] === ",") {
      at += 1;
      found.push((last = { at, parts: [] }));
    } else if (text[at] === "*") {
      last.parts.push({ piece: null, quoted: false });
      at += 1;
    } else {
      const begin = at;
      while (at < text.length && !'",*'.includes(text.charAt(at))) at += 1;
      last.parts.push({ piece: text.slice(begin, at), quoted: false });
    }
  }
  return found.map(({ at, parts }) => valueOf(parts, past(text, at)));
}

/**
 * Drop the white space around a value; what is within quotes stays as it is.
 * @param {Written["parts"]} parts @param {number} at @returns {Value}
 */
function valueOf(parts, at) {
  const pieces = parts.map(({ piece }) => piece);
  const [first, last] = [parts[0], parts.at(-1)];
  if (first && !first.quoted && first.piece !== null) pieces[0] = (pieces[0] ?? "").replace(LEADING, "");
  if (last && !last.quoted && last.piece !== null) {
    pieces[pieces.length - 1] = (pieces.at(-1) ?? "").replace(TRAILING, "");
  }
  const quoted = parts.some((part) => part.quoted);
  if (!quoted && (pieces.length === 0 || (pieces.length === 1 && pieces[0] === ""))) throw new ClauseError("value", at);
  const sign = first && !first.quoted ? (pieces[0] ?? "").charAt(0) : "";
  if (sign && "=!<>~".includes(sign)) throw new ClauseError("sign", at, { sign });
  return { pieces: pieces.filter((piece) => piece === null || piece !== ""), quoted, at };
}
