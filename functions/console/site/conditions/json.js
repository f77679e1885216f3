// What JSON values have in common.

/** @typedef {string | number | boolean | null} Scalar */

/**
 * Tell whether two JSON values are the same; the order of an object's members means nothing.
 * @param {unknown} one @param {unknown} other @returns {boolean}
 */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && same(member(one, name), member(other, name)));
}

/** @param {unknown} value @returns {value is {[name: string]: unknown}} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {value is Scalar} */
export function isScalar(value) {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/**
 * Return the only member of an object; null if it has another number of them.
 * @param {unknown} value @returns {[string, unknown] | null}
 */
export function onlyMember(value) {
  const members = isObject(value) ? Object.entries(value) : [];
  return members.length === 1 ? /** @type {[string, unknown]} */ (members[0]) : null;
}

/**
 * Set a member whatever its name is: an assignment to `__proto__` would not make a member.
 * @param {object} made @param {string} name @param {unknown} value
 */
export function put(made, name, value) {
  Object.defineProperty(made, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Read an object's own member; undefined if it has none.
 * @param {object} from @param {string} name @returns {any}
 */
export function member(from, name) {
  return Object.hasOwn(from, name) ? /** @type {any} */ (from)[name] : undefined;
}

/**
 * Write JSON for people: a list stands on one line, unless there are objects with several members in it.
 * @param {unknown} value @param {string} [indent] @returns {string}
 */
export function readable(value, indent = "") {
  const inner = `${indent}  `;
  if (Array.isArray(value) && value.some((one) => isObject(one) && !isSmall(one))) {
    return `[\n${value.map((one) => inner + readable(one, inner)).join(",\n")}\n${indent}]`;
  }
  if (Array.isArray(value)) return `[${value.map((one) => readable(one)).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${readable(one, inner)}`);
  return isSmall(value) ? `{${members.join(", ")}}` : `{\n${members.map((one) => inner + one).join(",\n")}\n${indent}}`;
}

/** @param {object} value @returns {boolean} */
function isSmall(value) {
  const members = Object.entries(value);
  return members.length === 1 && members.every(([name, one]) => name !== "$or" && (!isObject(one) || isSmall(one)));
}

/**
 * Tell whether a value has an integer that a JavaScript number cannot hold exactly, so that it may have been
 * changed when it was read.
 * @param {unknown} value @returns {boolean}
 */
export function isRounded(value) {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isRounded);
}
