// A rule in the editor: what the form holds, and what of it is saved, tried, or shown as changed.

import { isRounded, readable, same } from "../../conditions/json.js";
import { patternOf } from "./clauses/reading.js";
import { drawn, written } from "./clauses/tree.js";
import { clausesOf } from "./clauses/writing.js";

/** @typedef {{[name: string]: unknown}} Pattern */
/**
 * @typedef {{mode: "builder", tree: import("./clauses/tree.js").Group}
 *   | {mode: "where" | "json", text: string, fixed?: boolean}} ConditionForm
 *   `fixed`: it has numbers that a browser has rounded, so it cannot be changed here
 */
/**
 * @typedef {object} Form
 * @property {string} name
 * @property {string} description
 * @property {string} rule_type
 * @property {string} channel_id
 * @property {boolean} enabled
 * @property {boolean} observe
 * @property {boolean} own whether it has a template of its own
 * @property {string} message_template
 * @property {Record<string, string>} parts those of the default message that are texts; "" for the type's own
 * @property {{label: string, expression: string}[] | null} fields of the default message; null for the type's own
 * @property {ConditionForm} condition
 * @property {{period: string, by: string[]} | null} once_per
 * @property {{period: string, by: string[], max: number} | null} digest
 */

const TEXT_PARTS = ["title", "text", "link", "level", "dedup", "action"];
const DEFAULT_DIGEST_MAX = 100;

/**
 * Fill the form: of a stored rule, or of a new one with what is known of it.
 * @param {any} rule @returns {Form}
 */
export function formOf(rule) {
  const message = rule.message ?? {};
  return {
    name: rule.name ?? "",
    description: rule.description ?? "",
    rule_type: rule.rule_type ?? "",
    channel_id: rule.channel_id ?? "",
    enabled: rule.enabled ?? true,
    observe: rule.observe ?? false,
    own: Boolean(rule.message_template),
    message_template: rule.message_template ?? "",
    parts: Object.fromEntries(TEXT_PARTS.map((name) => [name, message[name] ?? ""])),
    fields: message.fields ? Object.entries(message.fields).map(([label, expression]) => ({ label, expression: String(expression) })) : null,
    condition: conditionForm(rule.condition ?? null, rule.where ?? null),
    once_per: rule.once_per ?? null,
    digest: rule.digest ? { max: DEFAULT_DIGEST_MAX, ...rule.digest } : null,
  };
}

/** @param {Pattern | null} condition @param {string[] | null} where @returns {ConditionForm} */
function conditionForm(condition, where) {
  if (!isRounded(condition)) return { mode: "builder", tree: drawn(condition) };
  if (where) return { mode: "where", text: where.join("\n") };
  return { mode: "json", text: readable(condition), fixed: true };
}

/**
 * Return what the form says of the condition: as the service takes it, or what is wrong with it.
 * @param {ConditionForm} form
 * @returns {{condition?: Pattern, where?: string[], faults?: import("./clauses/tree.js").Fault[], problem?: string}}
 *   nothing for no condition
 */
export function conditionOf(form) {
  if (form.mode === "builder") {
    const { condition, faults } = written(form.tree);
    if (faults.length > 0) return { faults };
    return condition === null ? {} : { condition };
  }
  const text = form.text.trim();
  if (!text) return {};
  if (form.mode === "where") return { where: text.split("\n").filter((line) => line.trim()) };
  try {
    const condition = JSON.parse(text);
    return same(condition, {}) ? {} : { condition };
  } catch (error) {
    return { problem: String(/** @type {Error} */ (error).message) };
  }
}

/**
 * Write the condition as text: clauses if they can say it, otherwise JSON.
 * @param {ConditionForm} form @returns {{mode: "where" | "json", text: string} | null} null while there are faults
 */
export function textOf(form) {
  if (form.mode !== "builder") return { mode: form.mode, text: form.text };
  const { condition, faults } = conditionOf(form);
  if (faults) return null;
  if (!condition) return { mode: "where", text: "" };
  const clauses = clausesOf(condition);
  return clauses ? { mode: "where", text: clauses.join("\n") } : { mode: "json", text: readable(condition) };
}

/**
 * Draw what was edited as text; null if it is no condition, or one with numbers that a browser rounds.
 * @param {ConditionForm} form @returns {ConditionForm | null}
 */
export function builderOf(form) {
  const { condition, where, problem } = conditionOf(form);
  const pattern = where ? patternOf(where) : (condition ?? null);
  const isDrawable = !problem && !(where && pattern === null) && (pattern === null || isPattern(pattern)) && !isRounded(pattern);
  return isDrawable ? { mode: "builder", tree: drawn(pattern) } : null;
}

/** @param {unknown} value */
function isPattern(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A condition as it can be compared. @param {ConditionForm} form */
function comparable(form) {
  const drawnForm = form.mode === "builder" ? form : builderOf(form);
  return drawnForm?.mode === "builder" ? written(drawnForm.tree) : form;
}

/** @param {Form} form @returns {any} The parts of the message: null for each that is the type's own. */
function messageOf(form) {
  const texts = TEXT_PARTS.map((name) => [name, form.parts[name] || null]);
  const fields = form.fields?.map(({ label, expression }) => [label.trim(), expression.trim()]);
  return { ...Object.fromEntries(texts), fields: fields?.length ? Object.fromEntries(fields) : null };
}

/** @param {Form} form */
function plain(form) {
  return {
    name: form.name,
    channel_id: form.channel_id,
    message_template: form.own ? form.message_template : "",
    enabled: form.enabled,
    observe: form.observe,
  };
}

/**
 * Return what `PATCH` needs to make of a rule what the form says; nothing if it is that already.
 * @param {Form} form @param {any} rule @returns {Record<string, any>}
 */
export function changesOf(form, rule) {
  const before = formOf(rule);
  /** @type {Record<string, any>} */
  const changes = {};
  const [now, then] = [{ ...plain(form), description: form.description }, { ...plain(before), description: before.description }];
  for (const [name, value] of Object.entries(now)) {
    if (!same(value, /** @type {any} */ (then)[name])) changes[name] = value;
  }
  if (!same(comparable(form.condition), comparable(before.condition))) {
    const { condition, where } = conditionOf(form.condition);
    Object.assign(changes, where ? { where } : { condition: condition ?? {} });
  }
  const [message, old] = [messageOf(form), messageOf(before)];
  const parts = Object.entries(message).filter(([name, value]) => !same(value, old[name]));
  if (parts.length > 0) changes["message"] = Object.fromEntries(parts);
  if (!same(form.once_per, before.once_per)) changes["once_per"] = form.once_per ?? {};
  if (!same(form.digest, before.digest)) changes["digest"] = form.digest ?? {};
  return changes;
}

/**
 * Return the document of a new rule.
 * @param {Form} form @returns {Record<string, any>}
 */
export function documentOf(form) {
  const { condition, where } = conditionOf(form.condition);
  const message = Object.entries(messageOf(form)).filter(([, value]) => value !== null);
  const given = {
    ...plain(form),
    rule_type: form.rule_type,
    description: form.description || undefined,
    message_template: (form.own && form.message_template) || undefined,
    enabled: form.enabled ? undefined : false,
    observe: form.observe || undefined,
    condition,
    where,
    message: message.length > 0 ? Object.fromEntries(message) : undefined,
    once_per: lean(form.once_per),
    digest: lean(form.digest),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @template {{by: string[]}} T @param {T | null} window @returns {any} What need not be said is left out. */
function lean(window) {
  if (window === null) return undefined;
  return window.by.length > 0 ? window : { ...window, by: undefined };
}

/**
 * Return the draft that is tried. It says everything, so that nothing is taken from a stored rule, and is tried as if it
 * were enabled, as in a backtest.
 * @param {Form} form
 * @param {{id?: string, name?: string}} identity the stored rule that it stands in for, or a name that no rule has
 */
export function draftOf(form, identity) {
  const { condition, where } = conditionOf(form.condition);
  // A condition with digits that the browser has rounded is left to the stored rule.
  const isFixed = form.condition.mode !== "builder" && form.condition.fixed;
  return {
    ...plain(form),
    name: form.name.trim() || undefined,
    ...identity,
    rule_type: form.rule_type,
    enabled: true,
    ...(isFixed ? {} : where ? { where } : { condition: condition ?? {} }),
    message: messageOf(form),
    once_per: form.once_per ?? {},
    digest: form.digest ?? {},
  };
}
