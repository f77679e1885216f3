// Which fields events can have, by the schemas of their types: to suggest them, and to ask about one that none has.

import { fieldsOf } from "../../conditions/fields.js";

const NAME = /^\s*!?\s*([^=!<>~",*.\s]+)/;
const MOST_SUGGESTED = 200;

/** @typedef {{name: string, json_schema: any}} EventType */

/**
 * List the fields of types, to suggest them.
 * @param {EventType[]} types
 */
export function suggested(types) {
  const names = types.flatMap(({ json_schema }) => fieldsOf(json_schema).map(({ path }) => path));
  return [...new Set(names)].toSorted().slice(0, MOST_SUGGESTED);
}

/**
 * Return a field that a clause names and no type has, with the nearest that one has; null if there is nothing to ask.
 * @param {string} clause
 * @param {EventType[]} types
 * @returns {{name: string, nearest: string} | null}
 */
export function unknownField(clause, types) {
  const name = NAME.exec(clause)?.[1];
  const known = types.flatMap(({ json_schema }) => Object.keys(json_schema?.properties ?? {}));
  const isOpen = types.some(({ json_schema }) => !json_schema?.properties || json_schema.additionalProperties);
  if (!name || isOpen || !known.length || known.includes(name)) return null;
  const [nearest] = [...new Set(known)].toSorted((one, other) => distance(name, one) - distance(name, other));
  return { name, nearest };
}

/**
 * Count the letters to insert, delete or replace to make one word of another.
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = before[column - 1] + Number(one[row - 1] !== other[column - 1]);
      here.push(Math.min(replaced, before[column] + 1, here[column - 1] + 1));
    }
    before = here;
  }
  return before[other.length];
}
