// A channel as its form has it, and what the form makes of it: the document of the API. A stored channel's secrets are
// not in its document, so a field for one is empty, and an empty one keeps what is stored. So does the field of the URL,
// because a receiver's path may be a secret too.

import { readRetry, retryText } from "./retries.js";

/**
 * @typedef {{name: string, value: string, kept: boolean}} Header `kept`: its value is stored, and not shown
 * @typedef {{type: "webhook" | "email", name: string, description: string, enabled: boolean, retry: string, rate: string,
 *   timezone: string, keepCredentials: boolean, url: string, preset: string, routingKey: string, method: string,
 *   contentType: string, headers: Header[], timeout: string, statusCodes: string, responseMatch: string,
 *   responseNoMatch: string, caBundle: string, clientCertificate: string, clientKey: string, host: string, port: string,
 *   useTls: boolean, from: string, to: string, domains: string, subject: string, username: string, password: string}} Draft
 */

/** What a channel without a preset of its own has; the API takes the same. */
export const NO_PRESET = "none";

/**
 * @param {any} stored a channel's document, null for a new channel
 * @returns {Draft}
 */
export function draftOf(stored) {
  const spec = stored?.spec ?? {};
  const { smtp = {}, message = {}, auth = null } = spec;
  return {
    type: stored?.channel_type ?? "webhook",
    name: stored?.name ?? "",
    description: stored?.description ?? "",
    enabled: stored?.enabled ?? true,
    retry: retryText(stored?.retry ?? "standard"),
    rate: stored?.rate ?? "",
    timezone: stored?.timezone ?? "",
    keepCredentials: false,
    url: "",
    // Of a new channel the URL suggests the preset, until somebody chooses one.
    preset: stored ? (spec.preset ?? NO_PRESET) : "",
    routingKey: "",
    method: spec.method ?? "POST",
    contentType: spec.content_type ?? "application/json",
    headers: Object.entries(spec.headers ?? {}).map(
      ([name, value]) => /** @type {Header} */ ({ name, value: /** @type {string | null} */ (value) ?? "", kept: value === null }),
    ),
    timeout: String(spec.timeout ?? smtp.timeout ?? 30),
    statusCodes: (spec.success_status_codes ?? [200, 201, 202, 204]).join(", "),
    responseMatch: spec.response_match ?? "",
    responseNoMatch: spec.response_no_match ?? "",
    caBundle: spec.ca_bundle ?? "",
    clientCertificate: spec.client_certificate ?? "",
    clientKey: "",
    host: smtp.host ?? "",
    port: String(smtp.port ?? 587),
    useTls: smtp.use_tls ?? true,
    from: message.from_email ?? "",
    to: (message.to_emails ?? []).join("\n"),
    domains: (message.allowed_domains ?? []).join(", "),
    subject: message.subject_template ?? "",
    username: auth?.username ?? "",
    password: "",
  };
}

/**
 * @param {Draft} draft
 * @param {string | null} suggested the preset of the URL's service
 */
export function creation(draft, suggested) {
  return {
    name: draft.name,
    ...given({ description: draft.description, timezone: draft.timezone, rate: draft.rate }),
    channel_type: draft.type,
    spec: specOf({ ...draft, preset: draft.preset || suggested || NO_PRESET }, null),
    enabled: draft.enabled,
    retry: readRetry(draft.retry),
  };
}

/**
 * Make the changes of a draft to what somebody else has left of its channel.
 * @param {Draft} draft
 * @param {any} stored the channel that it was made of
 * @param {any} present the channel as it is now
 * @returns {Draft}
 */
export function rebased(draft, stored, present) {
  const before = /** @type {Record<string, unknown>} */ (draftOf(stored));
  const changed = Object.entries(draft).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
  return { ...draftOf(present), ...Object.fromEntries(changed) };
}

/**
 * @param {Draft} draft
 * @param {any} stored
 * @returns {Record<string, any>} only what changes, because a new spec ends a suspension
 */
export function changes(draft, stored) {
  const before = draftOf(stored);
  const spec = specOf(draft, stored.spec);
  const isSame = JSON.stringify(spec) === JSON.stringify(specOf(before, stored.spec));
  return {
    ...(draft.name === before.name ? {} : { name: draft.name }),
    ...(draft.description === before.description ? {} : { description: draft.description }),
    ...(draft.enabled === before.enabled ? {} : { enabled: draft.enabled }),
    ...(draft.retry === before.retry ? {} : { retry: readRetry(draft.retry) }),
    ...(draft.rate === before.rate ? {} : { rate: draft.rate }),
    ...(draft.timezone === before.timezone ? {} : { timezone: draft.timezone }),
    ...(isSame ? {} : { spec, ...(draft.keepCredentials ? { keep_credentials: true } : {}) }),
  };
}

/**
 * @param {Draft} draft
 * @param {any} stored the stored spec, null for a new channel
 */
function specOf(draft, stored) {
  return draft.type === "email" ? emailSpec(draft) : webhookSpec(draft, stored);
}

/**
 * @param {Draft} draft
 * @param {any} stored
 */
function webhookSpec(draft, stored) {
  return {
    url: draft.url.trim() || stored?.url || "",
    preset: draft.preset,
    ...given({ routing_key: draft.preset === "pagerduty" ? draft.routingKey.trim() : "" }),
    method: draft.method,
    content_type: draft.contentType,
    headers: Object.fromEntries(
      draft.headers.filter(({ name }) => name.trim()).map(({ name, value, kept }) => [name.trim(), kept && !value ? null : value]),
    ),
    timeout: number(draft.timeout),
    success_status_codes: list(draft.statusCodes).map(number),
    ...given({
      response_match: draft.responseMatch,
      response_no_match: draft.responseNoMatch,
      ca_bundle: draft.caBundle,
      client_certificate: draft.clientCertificate,
      client_key: draft.clientKey,
    }),
  };
}

/** @param {Draft} draft */
function emailSpec(draft) {
  const domains = list(draft.domains);
  return {
    smtp: { host: draft.host.trim(), port: number(draft.port), use_tls: draft.useTls, timeout: number(draft.timeout) },
    message: {
      from_email: draft.from.trim(),
      to_emails: recipients(draft),
      allowed_domains: domains.length ? domains : null,
      subject_template: draft.subject || null,
    },
    auth: draft.username.trim() ? { username: draft.username.trim(), ...given({ password: draft.password }) } : null,
    ca_bundle: draft.caBundle || null,
  };
}

/** @param {Draft} draft */
export function recipients(draft) {
  return draft.to.split("\n").flatMap((line) => line.trim() || []);
}

/** @param {string} text */
function list(text) {
  return text.split(/[\s,]+/).filter(Boolean);
}

/**
 * @param {string} text
 * @returns {number | string} what is no number as it is, so that the service says what is wrong
 */
function number(text) {
  return text.trim() && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** @param {Record<string, string>} values */
function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}
