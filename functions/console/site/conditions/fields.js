// The fields of an event type, of its schema: what the builder offers.

import { isObject, isScalar, member } from "./json.js";

/** @typedef {"text" | "number" | "boolean" | "null"} Kind */
/** @typedef {import("./json.js").Scalar} Scalar */
/** @typedef {{[name: string]: any}} Schema */
/**
 * `kinds`: null if any kind of value may be there. `values`: of an enum; empty if there is none.
 * @typedef {{path: string, description: string, kinds: Kind[] | null, values: Scalar[]}} Field
 */

const MAX_FIELDS = 500;
const MAX_DEPTH = 10;

/** @type {Record<string, Kind>} */
const KINDS = { string: "text", number: "number", integer: "number", boolean: "boolean", null: "null" };

/**
 * List the fields that have values; lists are seen through, as conditions do.
 * @param {Schema} schema @returns {Field[]}
 */
export function fieldsOf(schema) {
  /** @type {Map<string, Field>} */
  const found = new Map();
  collect(options(schema, schema, 0), "", schema, found, 0);
  return [...found.values()];
}

/**
 * @param {Schema[]} here @param {string} path @param {Schema} root @param {Map<string, Field>} found
 * @param {number} depth
 */
function collect(here, path, root, found, depth) {
  for (const one of here) {
    const properties = isObject(one["properties"]) ? one["properties"] : {};
    for (const [name, inner] of Object.entries(properties)) {
      if (depth >= MAX_DEPTH || found.size >= MAX_FIELDS) return;
      const at = path ? `${path}.${name}` : name;
      const inside = options(inner, root, 0);
      const leaves = inside.filter((option) => !isObject(option["properties"]));
      if (leaves.length > 0) found.set(at, fieldOf(at, inner, leaves));
      collect(inside, at, root, found, depth + 1);
    }
  }
}

/** @param {string} path @param {any} schema @param {Schema[]} leaves @returns {Field} */
function fieldOf(path, schema, leaves) {
  const types = leaves.map(typesOf);
  const kinds = types.some((each) => each === null) ? null : [...new Set(types.flat())];
  const values = leaves.flatMap((leaf) => ("const" in leaf ? [leaf["const"]] : (leaf["enum"] ?? [])));
  const told = [schema, ...leaves].map((one) => one?.description ?? one?.title).find((text) => typeof text === "string");
  const listed = leaves.every((leaf) => "enum" in leaf || "const" in leaf || leaf["type"] === "null");
  return {
    path,
    description: told ?? "",
    kinds: /** @type {Kind[] | null} */ (kinds),
    values: listed ? values.filter(isScalar) : [],
  };
}

/** @param {Schema} schema @returns {Kind[] | null} */
function typesOf(schema) {
  const named = [schema["type"] ?? []].flat();
  const known = named.length > 0 ? named : [schema["const"] ?? [], schema["enum"] ?? []].flat().map(jsonType);
  const kinds = known.map((type) => KINDS[type]);
  return known.length > 0 && kinds.every((kind) => kind !== undefined) ? /** @type {Kind[]} */ (kinds) : null;
}

/** @param {unknown} value */
function jsonType(value) {
  return value === null ? "null" : typeof value;
}

/**
 * List the alternatives of a schema, without references and lists.
 * @param {any} schema @param {Schema} root @param {number} depth @returns {Schema[]}
 */
function options(schema, root, depth) {
  if (!isObject(schema) || depth > MAX_DEPTH) return [];
  /** @type {Schema} */
  const one = schema;
  if (typeof one["$ref"] === "string") return options(at(root, one["$ref"]), root, depth + 1);
  const choices = one["anyOf"] ?? one["oneOf"];
  if (Array.isArray(choices)) return choices.flatMap((choice) => options(choice, root, depth + 1));
  if (Array.isArray(one["allOf"]) && !("type" in one)) return one["allOf"].flatMap((part) => options(part, root, depth + 1));
  if (one["type"] === "array") return options(isObject(one["items"]) ? one["items"] : {}, root, depth + 1);
  return [one];
}

/** @param {Schema} root @param {string} reference @returns {unknown} */
function at(root, reference) {
  const keys = reference.replace(/^#\/?/, "").split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  /** @type {any} */
  let here = root;
  for (const key of keys) here = isObject(here) ? member(here, key) : undefined;
  return here;
}
