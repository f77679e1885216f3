// What the form asks of a webhook: its URL suggests a preset, which decides most of the rest.

import { html } from "../../html.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { placeOf, withoutPath } from "../../parts/url.js";
import { t } from "../../texts/t.js";
import { NO_PRESET } from "./draft.js";
import { Headers } from "./headers.js";
import { KeepCredentials } from "./keep-credentials.js";
import { labelOf, PRESETS } from "./presets.js";

/**
 * @typedef {object} PartProps
 * @property {import("./draft.js").Draft} draft
 * @property {(changed: Partial<import("./draft.js").Draft>) => void} set
 * @property {(name: string) => string | null} wrong what is wrong with a member
 * @property {any} stored
 */

/** @param {PartProps & {suggested: string | null}} props */
export function WebhookFields({ draft, set, wrong, stored, suggested }) {
  const chosen = draft.preset || suggested || NO_PRESET;
  const example = PRESETS.find(({ name }) => name === chosen)?.example ?? "https://example.com/hook";
  const keeps = stored && withoutPath(stored.spec.url);
  const leadsElsewhere = Boolean(stored && draft.url.trim() && placeOf(draft.url) !== placeOf(stored.spec.url));
  return html`
    <${Panel} title=${t("channel.receiver")}>
      <${Field}
        label=${t("channel.url")}
        hint=${keeps ? t("channel.url_kept", { url: keeps }) : t("channel.url_hint")}
        value=${draft.url}
        onInput=${(/** @type {string} */ url) => set({ url })}
        placeholder=${keeps ?? example}
        required=${!stored}
        problem=${wrong("url")}
        mono
      />
      <${Select}
        label=${t("channel.preset")}
        value=${chosen}
        onChange=${(/** @type {string} */ preset) => set({ preset })}
        options=${[{ value: NO_PRESET, label: t("channel.no_preset") }, ...PRESETS.map(({ name, label }) => ({ value: name, label }))]}
        hint=${presetHint(draft, chosen, suggested)}
        problem=${wrong("preset")}
      />
      ${chosen === "pagerduty" &&
      html`<${Field}
        label=${t("channel.routing_key")}
        hint=${t(stored ? "channel.secret_kept" : "channel.secret_sealed")}
        type="password"
        value=${draft.routingKey}
        onInput=${(/** @type {string} */ routingKey) => set({ routingKey })}
        problem=${wrong("routing_key")}
        mono
      />`}
      <${Headers} headers=${draft.headers} onChange=${(/** @type {any} */ headers) => set({ headers })} problem=${wrong("headers")} />
      ${leadsElsewhere &&
      html`<${KeepCredentials} ...${{ draft, set }} />`}
      <${Further} ...${{ draft, set, wrong, stored, isPreset: chosen !== NO_PRESET }} />
    <//>
  `;
}

/**
 * @param {import("./draft.js").Draft} draft
 * @param {string} chosen
 * @param {string | null} suggested
 */
function presetHint(draft, chosen, suggested) {
  if (!suggested) return t("channel.preset_hint");
  const service = labelOf(suggested) ?? suggested;
  if (chosen === suggested) return t(draft.preset ? "channel.preset_fits" : "channel.preset_suggested", { service });
  return t("channel.preset_differs", { service });
}

/** @param {PartProps & {isPreset: boolean}} props */
function Further({ draft, set, wrong, stored, isPreset }) {
  return html`
    <details>
      <summary>${t("channel.further")}</summary>
      <div class="stack further">
        <div class="fields">
          ${!isPreset &&
          html`
            <${Select}
              label=${t("channel.method")}
              value=${draft.method}
              onChange=${(/** @type {string} */ method) => set({ method })}
              options=${["POST", "PUT", "PATCH"].map((value) => ({ value, label: value }))}
              problem=${wrong("method")}
            />
            <${Field}
              label=${t("channel.content_type")}
              value=${draft.contentType}
              onInput=${(/** @type {string} */ contentType) => set({ contentType })}
              problem=${wrong("content_type")}
              mono
            />
          `}
          <${Field}
            label=${t("channel.timeout")}
            hint=${t("channel.timeout_hint")}
            value=${draft.timeout}
            onInput=${(/** @type {string} */ timeout) => set({ timeout })}
            problem=${wrong("timeout")}
            attributes=${{ inputmode: "decimal" }}
          />
          <${Field}
            label=${t("channel.status_codes")}
            hint=${t("channel.status_codes_hint")}
            value=${draft.statusCodes}
            onInput=${(/** @type {string} */ statusCodes) => set({ statusCodes })}
            problem=${wrong("success_status_codes")}
          />
          <${Field}
            label=${t("channel.response_match")}
            value=${draft.responseMatch}
            onInput=${(/** @type {string} */ responseMatch) => set({ responseMatch })}
            problem=${wrong("response_match")}
            mono
          />
          <${Field}
            label=${t("channel.response_no_match")}
            value=${draft.responseNoMatch}
            onInput=${(/** @type {string} */ responseNoMatch) => set({ responseNoMatch })}
            problem=${wrong("response_no_match")}
            mono
          />
        </div>
        <${Field}
          label=${t("channel.ca_bundle")}
          hint=${t("channel.ca_bundle_hint")}
          value=${draft.caBundle}
          onInput=${(/** @type {string} */ caBundle) => set({ caBundle })}
          problem=${wrong("ca_bundle")}
          rows=${3}
          mono
        />
        <${Field}
          label=${t("channel.client_certificate")}
          value=${draft.clientCertificate}
          onInput=${(/** @type {string} */ clientCertificate) => set({ clientCertificate })}
          problem=${wrong("client_certificate")}
          rows=${3}
          mono
        />
        <${Field}
          label=${t("channel.client_key")}
          hint=${t(stored?.spec.client_certificate ? "channel.secret_kept" : "channel.secret_sealed")}
          value=${draft.clientKey}
          onInput=${(/** @type {string} */ clientKey) => set({ clientKey })}
          problem=${wrong("client_key")}
          rows=${3}
          attributes=${{ class: "input mono unseen" }}
        />
      </div>
    </details>
  `;
}
