// The lines of the command line that do what the editor does.

import { jsonWord, shellLine } from "../../parts/command.js";
import { clausesOf } from "./clauses/writing.js";

/** @typedef {string | number | null | undefined | false} Word */

const PARTS = ["title", "text", "link", "level", "dedup"];

/**
 * The line that makes a rule.
 * @param {Record<string, any>} document
 */
export function createLine(document) {
  if (!isSayable(document)) return apiLine("POST", "/notifications/rules", document);
  const { name, rule_type: type, channel_id: channel, ...others } = document;
  const words = [...optionWords(others, "--template"), document["enabled"] === false && "--disabled", document["observe"] && "--observe"];
  return shellLine("rule", "create", ...words, name?.startsWith("-") && "--", name || "NAME", type || "TYPE", channel || "CHANNEL");
}

/**
 * The line that changes a rule.
 * @param {string} id @param {Record<string, any>} changes
 */
export function updateLine(id, changes) {
  if (!isSayable(changes)) return apiLine("PATCH", `/notifications/rules/${id}?custom=true`, changes);
  const { name, channel_id: channel, enabled, observe, ...others } = changes;
  return shellLine(
    ...["rule", "update", id],
    ...option("--name", name),
    ...option("--channel", channel),
    enabled !== undefined && (enabled ? "--enable" : "--disable"),
    observe !== undefined && (observe ? "--observe" : "--no-observe"),
    ...optionWords(others, "--message-template"),
  );
}

/**
 * The line that tries a draft: its file is what follows on standard input.
 * @param {string[]} words @param {unknown} draft
 */
export function withDraft(words, draft) {
  return `${shellLine(...words, "-f", "-")} <<'EOF'\n${jsonWord(draft)}\nEOF`;
}

/** @param {string} method @param {string} path @param {unknown} body */
function apiLine(method, path, body) {
  return shellLine("api", method, path, "--data", jsonWord(body));
}

/** @param {string} name @param {any} value @returns {Word[]} */
function option(name, value) {
  return value === undefined ? [] : [name, value];
}

/** @param {Record<string, any>} given @param {string} template @returns {Word[]} */
function optionWords(given, template) {
  const { once_per: oncePer, digest, condition, where = [], message } = given;
  const by = (digest ?? oncePer)?.by;
  return [
    ...option("--description", given["description"]),
    ...option(template, given["message_template"]),
    ...where.flatMap((/** @type {string} */ clause) => ["--where", clause]),
    ...conditionWords(condition),
    ...messageWords(message),
    ...option("--once-per", oncePer && (oncePer.period ?? "none")),
    ...option("--digest", digest && (digest.period ?? "none")),
    ...option("--by", by?.join(",")),
    ...option("--digest-max", digest?.max),
  ];
}

/** @param {any} condition @returns {Word[]} */
function conditionWords(condition) {
  if (condition === undefined) return [];
  if (Object.keys(condition).length === 0) return ["--no-where"];
  const clauses = clausesOf(condition);
  return clauses ? clauses.flatMap((clause) => ["--where", clause]) : ["--condition", jsonWord(condition)];
}

/** @param {any} message @returns {Word[]} */
function messageWords(message = {}) {
  const texts = PARTS.filter((name) => name in message).flatMap((name) => [`--${name}`, message[name] ?? ""]);
  if (message.fields === undefined) return texts;
  const fields = message.fields === null ? [""] : Object.entries(message.fields).map(([label, expression]) => `${label}=${expression}`);
  return [...texts, ...fields.flatMap((field) => ["--field", field])];
}

/** Tell whether options can say all of it; what they cannot say goes through `api`. @param {Record<string, any>} given */
function isSayable({ message = {}, once_per: oncePer, digest }) {
  const lists = [oncePer?.by, digest?.by].filter(Boolean);
  const isOneBy = lists.length < 2 || lists[0].join() === lists[1].join();
  const areFields = lists.flat().every((name) => name !== "" && name === name.trim() && !name.includes(","));
  const areNamed = Object.entries(message.fields ?? {}).every(([label, expression]) => label && expression && !label.includes("="));
  return isOneBy && areFields && areNamed && !("action" in message);
}
