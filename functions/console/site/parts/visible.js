// Text from elsewhere: what would move the cursor or turn the writing direction is shown as its code.

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/** Characters that move the cursor or turn the writing direction; lines and tabs do not count. */
export const CONTROLS_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const NAMED = /** @type {Record<string, string>} */ ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" });

/** @param {string} character */
function escaped(character) {
  const code = character.charCodeAt(0);
  return NAMED[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

/**
 * @param {number} code
 * @param {number} width
 */
function hex(code, width) {
  return code.toString(16).padStart(width, "0");
}

/**
 * Show a value on one line, cut after `most` characters.
 * @param {unknown} value
 * @param {number} [most]
 */
export function visible(value, most = Infinity) {
  return cut(String(value), most).replace(CONTROLS, escaped);
}

/**
 * Show a text that has lines of its own.
 * @param {unknown} value
 */
export function visibleText(value) {
  return String(value).replace(CONTROLS_BUT_LINES, escaped);
}

/**
 * Cut a text between characters.
 * @param {string} text
 * @param {number} most
 */
export function cut(text, most) {
  if (text.length <= most) return text;
  const isHalved = /[\ud800-\udbff]/.test(text[most - 1]);
  return `${text.slice(0, isHalved ? most - 1 : most)}…`;
}
