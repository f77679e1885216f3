// The command line that saves what the form has. A secret stands in it as a variable of the shell, and so does the URL,
// whose path may be one.

import { shellLine } from "../../parts/command.js";
import { changes, draftOf, NO_PRESET, recipients } from "./draft.js";
import { retryText } from "./retries.js";

/** Headers whose values are secrets, by their names, as the service judges them. */
const CREDENTIAL = /auth|bearer|cookie|credential|hmac|jwt|key|pass|pwd|secret|session|sig|token/i;
const URL_VARIABLE = '"$WEBHOOK_URL"';
const SPEC_FILE = "spec.json";

/** @typedef {import("./draft.js").Draft} Draft */

/** @param {string} header */
export function isCredential(header) {
  return CREDENTIAL.test(header);
}

/**
 * @param {Draft} draft
 * @param {string | null} suggested
 * @returns {string}
 */
export function creationLine(draft, suggested) {
  const isEmail = draft.type === "email";
  const preset = draft.preset || suggested || NO_PRESET;
  const words = [
    ...(isEmail ? [shellLine("--channel-type", "email"), shellLine("--spec-file", SPEC_FILE)] : []),
    option("--description", draft.description),
    draft.enabled ? "" : "--disabled",
    ...common(draft, draftOf(null)),
    ...(isEmail ? [] : webhook({ ...draft, preset }, { ...draftOf(null), preset: NO_PRESET })),
  ];
  const named = [shellLine(draft.name), isEmail ? "" : URL_VARIABLE];
  // What begins like an option has to stand behind all of them.
  const all = draft.name.startsWith("-") ? [...words, "--", ...named] : [...named, ...words];
  return ["channel create", ...all].filter(Boolean).join(" ");
}

/**
 * @param {Draft} draft
 * @param {any} stored
 * @returns {string}
 */
export function changeLine(draft, stored) {
  const before = draftOf(stored);
  const spec = "spec" in changes(draft, stored) ? specWords(draft, before) : [];
  const words = [
    differs(draft, before, "name", "--name"),
    differs(draft, before, "description", "--description"),
    draft.enabled === before.enabled ? "" : draft.enabled ? "--enable" : "--disable",
    ...common(draft, before),
    ...spec,
    spec.length && draft.keepCredentials ? "--keep-credentials" : "",
  ];
  return [shellLine("channel", "update", stored.id), ...words].filter(Boolean).join(" ");
}

/**
 * @param {Draft} draft
 * @param {Draft} before
 * @returns {string[]}
 */
function specWords(draft, before) {
  if (draft.type === "email") return email(draft, before);
  // Options cannot take away what only a whole spec leaves out.
  const removed = /** @type {const} */ (["responseMatch", "responseNoMatch", "caBundle", "clientCertificate"]);
  if (removed.some((name) => before[name] && !draft[name])) return [shellLine("--spec-file", SPEC_FILE)];
  return [draft.url.trim() ? `--url ${URL_VARIABLE}` : "", ...webhook(draft, before)];
}

/**
 * @param {Draft} draft
 * @param {Draft} before
 */
function common(draft, before) {
  return [
    draft.retry === before.retry ? "" : shellLine("--retry", retryText(draft.retry)),
    draft.rate === before.rate ? "" : shellLine("--rate", draft.rate),
    draft.timezone === before.timezone ? "" : shellLine("--timezone", draft.timezone),
  ];
}

/**
 * @param {Draft} draft
 * @param {Draft} before
 * @returns {string[]}
 */
function webhook(draft, before) {
  const kept = new Set(draft.headers.map(({ name }) => name.trim().toLowerCase()));
  const former = new Map(before.headers.map((header) => [header.name, header.value]));
  return [
    differs(draft, before, "preset", "--preset"),
    draft.routingKey.trim() && draft.preset === "pagerduty" ? '--routing-key "$ROUTING_KEY"' : "",
    ...before.headers.filter(({ name }) => !kept.has(name.toLowerCase())).map(({ name }) => shellLine("--remove-header", name)),
    ...draft.headers
      .filter(({ name, value, kept: isKept }) => name.trim() && former.get(name) !== value && !(isKept && !value))
      .map(({ name, value }) => `--header ${headerWord(name.trim(), value)}`),
    differs(draft, before, "method", "--method"),
    differs(draft, before, "contentType", "--content-type"),
    differs(draft, before, "timeout", "--timeout"),
    ...(draft.statusCodes === before.statusCodes ? [] : draft.statusCodes.split(/[\s,]+/).filter(Boolean).map((code) => shellLine("--success-code", code))),
    differs(draft, before, "responseMatch", "--response-match"),
    differs(draft, before, "responseNoMatch", "--response-no-match"),
    draft.caBundle === before.caBundle ? "" : "--ca-bundle ca.pem",
    draft.clientCertificate === before.clientCertificate ? "" : "--client-cert client.pem",
    draft.clientKey ? "--client-key client-key.pem" : "",
  ];
}

/**
 * @param {Draft} draft
 * @param {Draft} before
 * @returns {string[]}
 */
function email(draft, before) {
  const [now, then] = [recipients(draft), recipients(before)];
  const others = /** @type {const} */ (["host", "port", "useTls", "from", "subject", "username", "password", "caBundle"]);
  const domains = draft.domains.split(/[\s,]+/).filter(Boolean);
  if (others.some((name) => draft[name] !== before[name]) || (before.domains && !domains.length)) {
    return [shellLine("--spec-file", SPEC_FILE)];
  }
  return [
    ...now.filter((one) => !then.includes(one)).map((one) => shellLine("--add-to", one)),
    ...then.filter((one) => !now.includes(one)).map((one) => shellLine("--remove-to", one)),
    ...(draft.domains === before.domains ? [] : domains.map((domain) => shellLine("--allowed-domain", domain))),
    differs(draft, before, "timeout", "--timeout"),
  ];
}

/**
 * @param {string} name
 * @param {string} value
 */
function headerWord(name, value) {
  if (!isCredential(name)) return shellLine(`${name}: ${value}`);
  const variable = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_").replace(/^(?=[0-9])/, "_");
  return `${shellLine(`${name}: `)}"$${variable}"`;
}

/**
 * @param {Draft} draft
 * @param {Draft} before
 * @param {keyof Draft} name
 * @param {string} word
 */
function differs(draft, before, name, word) {
  return draft[name] === before[name] ? "" : shellLine(word, String(draft[name]));
}

/**
 * @param {string} word
 * @param {string} value
 */
function option(word, value) {
  return value ? shellLine(word, value) : "";
}
