// Reads JSON as somebody types it, and says where it goes wrong.

/**
 * @typedef {{kind: "syntax", line: number, column: number, text: string} | {kind: "object"} | {kind: "empty"}} JsonFault
 */

/**
 * @param {string} text
 * @returns {{value: Record<string, any>, fault: null} | {value: null, fault: any}} an object, or what is wrong
 */
export function read(text) {
  if (!text.trim()) return { value: null, fault: { kind: "empty" } };
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { value: null, fault: { kind: "syntax", ...place(text, /** @type {Error} */ (error).message) } };
  }
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject ? { value, fault: null } : { value: null, fault: { kind: "object" } };
}

/**
 * @param {string} text
 * @param {string} message of the browser; browsers that do not tell a position mean the end
 */
function place(text, message) {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, text: message.replace(/ \(line.*$| in JSON at position.*$/s, "") };
}
