// A JSON Schema as a table: the fields of an event, in the schema's order.

/** How deep references and fields within fields are followed: a definition may refer to itself. */
const MAX_DEPTH = 8;

/** Keywords that bound a value and are told as they are written. */
const BOUNDS = [
  ...["const", "format", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum"],
  ...["exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems"],
];

/**
 * @typedef {Record<string, any>} Schema
 * @typedef {{path: string, depth: number, type: string, required: boolean, nullable: boolean,
 *   description: string, values: string[], bounds: string[]}} Field `values`: those that an enum names
 */

/**
 * @param {Schema} schema
 * @returns {Field[]} the fields, each object followed by its own
 */
export function fields(schema) {
  return [...below(schema, schema, "", 0)];
}

/**
 * @param {Schema} part
 * @param {Schema} root
 * @param {string} prefix
 * @param {number} depth
 * @returns {Generator<Field>}
 */
function* below(part, root, prefix, depth) {
  if (depth > MAX_DEPTH) return;
  const required = list(part.required);
  for (const [name, given] of Object.entries(mapping(part.properties))) {
    const options = alternatives(mapping(given), root);
    const path = prefix + name;
    yield told(path, depth, mapping(given), options, root, required.includes(name));
    for (const option of options) {
      yield* below(option, root, `${path}.`, depth + 1);
      if (option.items) {
        for (const item of alternatives(mapping(option.items), root)) {
          yield* below(item, root, `${path}[].`, depth + 1);
        }
      }
    }
  }
}

/**
 * @param {string} path
 * @param {number} depth
 * @param {Schema} given
 * @param {Schema[]} options
 * @param {Schema} root
 * @param {boolean} required
 * @returns {Field}
 */
function told(path, depth, given, options, root, required) {
  const names = [...new Set(options.flatMap((option) => types(option, root)))];
  return {
    path,
    depth,
    type: names.filter((name) => name !== "null").join(" | ") || "any",
    required,
    nullable: names.includes("null"),
    description: text(given.description) || text(options.find((option) => option.description)?.description),
    values: options.flatMap((option) => list(option.enum)).map((value) => JSON.stringify(value)),
    bounds: options.flatMap((option) =>
      BOUNDS.filter((word) => word in option).map((word) => `${word} ${JSON.stringify(option[word])}`),
    ),
  };
}

/**
 * @param {Schema} part
 * @param {Schema} root
 * @param {number} depth
 * @returns {Schema[]} what a value may be, without references
 */
function alternatives(part, root, depth = 0) {
  if (depth > MAX_DEPTH) return [];
  if (typeof part.$ref === "string") return alternatives(resolved(part.$ref, root), root, depth + 1);
  const choices = ["anyOf", "oneOf", "allOf"].flatMap((word) => list(part[word]));
  if (!choices.length) return [part];
  return choices.flatMap((choice) => alternatives(mapping(choice), root, depth + 1));
}

/**
 * @param {Schema} option
 * @param {Schema} root
 * @returns {string[]}
 */
function types(option, root) {
  const named = Array.isArray(option.type) ? option.type : option.type ? [option.type] : [];
  if (named.length) return named.map((name) => (name === "array" ? arrayOf(option, root) : String(name)));
  const values = "const" in option ? [option.const] : list(option.enum);
  return values.map(typeOf);
}

/**
 * @param {Schema} option
 * @param {Schema} root
 */
function arrayOf(option, root) {
  const inner = alternatives(mapping(option.items), root).flatMap((item) =>
    item.type === "array" ? ["array"] : types(item, root),
  );
  const names = [...new Set(inner)].join(" | ");
  return names ? `array of ${names}` : "array";
}

/** @param {unknown} value */
function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/**
 * @param {string} reference
 * @param {Schema} root
 * @returns {Schema}
 */
function resolved(reference, root) {
  /** @type {any} */
  let found = root;
  for (const part of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    found = Object.hasOwn(mapping(found), part) ? found[part] : undefined;
  }
  return mapping(found);
}

/**
 * @param {any} value
 * @returns {Schema}
 */
function mapping(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/**
 * @param {any} value
 * @returns {any[]}
 */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {any} value */
function text(value) {
  return typeof value === "string" ? value : "";
}
