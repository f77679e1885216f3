// A clause's parts: its path, its operator, and its values with their stars and quotes.
//
// This reads what the command line reads (`core/conditions/scanning.py`), so that a text can go back into the
// builder. What is saved of a text is the text itself, which the service reads.

/** What ends a bare name; in a bare value it is the last three that mean something. */
export const SPECIAL = '=!<>~",*';

/** A piece of a value: a text, or null for a star. @typedef {string | null} Piece */
/** @typedef {{pieces: Piece[], quoted: boolean}} Value */
/** @typedef {{path: string[], operator: string, values: Value[]}} Clause */

/** A text that is no clause. */
export class ClauseError extends Error {}

const OPERATORS = ["!~=", "!=", "~=", ">=", "<=", "=", ">", "<"];
const MEANT = ["==", "=~", "=>", "=<", "<>", "=!"];
const QUOTED = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACES = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
const LEADING = new RegExp(`^${SPACES}`);
const TRAILING = new RegExp(`${SPACES}$`);

/** Remove white space as the service does. @param {string} text */
export const strip = (text) => text.replace(LEADING, "").replace(TRAILING, "");

/**
 * Read a clause.
 * @param {string} written @returns {Clause} @throws {ClauseError} it is none
 */
export function scan(written) {
  const text = strip(written);
  const isAbsent = text.startsWith("!");
  const [path, at] = pathOf(text, isAbsent ? 1 : 0);
  const rest = strip(text.slice(at));
  if (isAbsent && rest) throw new ClauseError(written);
  if (isAbsent || !rest) return { path, operator: isAbsent ? "!" : "", values: [] };
  const operator = OPERATORS.find((one) => rest.startsWith(one));
  if (operator === undefined || MEANT.some((other) => rest.startsWith(other))) throw new ClauseError(written);
  return { path, operator, values: valuesOf(rest.slice(operator.length)) };
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
  if (names.length === 1 && names[0] === "" && !text.startsWith('"')) throw new ClauseError(text);
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
  if (found === null) throw new ClauseError(text);
  return [JSON.parse(found[0]), QUOTED.lastIndex];
}

/** @param {string} text @returns {Value[]} */
function valuesOf(text) {
  /** @type {{piece: Piece, quoted: boolean}[][]} */
  const found = [[]];
  for (let at = 0; at < text.length; ) {
    const last = /** @type {{piece: Piece, quoted: boolean}[]} */ (found.at(-1));
    if (text[at] === '"') {
      const [piece, end] = quotedAt(text, at);
      last.push({ piece, quoted: true });
      at = end;
    } else if (text[at] === ",") {
      found.push([]);
      at += 1;
    } else if (text[at] === "*") {
      last.push({ piece: null, quoted: false });
      at += 1;
    } else {
      const start = at;
      while (at < text.length && !'",*'.includes(text.charAt(at))) at += 1;
      last.push({ piece: text.slice(start, at), quoted: false });
    }
  }
  return found.map((parts) => valueOf(text, parts));
}

/**
 * Drop the white space around a value; what is within quotes stays as it is.
 * @param {string} text @param {{piece: Piece, quoted: boolean}[]} parts @returns {Value}
 */
function valueOf(text, parts) {
  const pieces = parts.map(({ piece }) => piece);
  const [first, last] = [parts[0], parts.at(-1)];
  if (first && !first.quoted && first.piece !== null) pieces[0] = (pieces[0] ?? "").replace(LEADING, "");
  if (last && !last.quoted && last.piece !== null) {
    pieces[pieces.length - 1] = (pieces.at(-1) ?? "").replace(TRAILING, "");
  }
  const quoted = parts.some((part) => part.quoted);
  const isMissing = !quoted && (pieces.length === 0 || (pieces.length === 1 && pieces[0] === ""));
  const begin = first && !first.quoted ? (pieces[0] ?? "").charAt(0) : "";
  if (isMissing || (begin && "=!<>~".includes(begin))) throw new ClauseError(text);
  return { pieces: pieces.filter((piece) => piece === null || piece !== ""), quoted };
}
