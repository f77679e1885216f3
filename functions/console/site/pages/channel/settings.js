// What a channel is configured to do. Of a webhook's URL only scheme and host are shown, because the rest may be a credential.

import { html } from "../../html.js";
import { Command, shellLine } from "../../parts/command.js";
import { Facts } from "../../parts/facts.js";
import { Panel } from "../../parts/panel.js";
import { Time } from "../../parts/time.js";
import { withoutPath } from "../../parts/url.js";
import { t } from "../../texts/t.js";
import { labelOf } from "./presets.js";
import { retryText } from "./retries.js";

/** @param {{channel: any}} props */
export function Settings({ channel }) {
  const own = channel.channel_type === "email" ? ofEmail(channel.spec) : ofWebhook(channel.spec);
  return html`
    <${Panel} title=${t("channel.settings")}>
      <${Facts}
        facts=${[
          ...own,
          { name: t("channel.retry"), value: retryText(channel.retry) },
          { name: t("channel.rate"), value: rateOf(channel) },
          { name: t("channel.timezone"), value: channel.timezone ?? "UTC" },
          { name: t("channel.id"), value: html`<code>${channel.id}</code>` },
          { name: t("channel.created_at"), value: html`<${Time} at=${channel.created_at} exact />` },
          { name: t("channel.updated_at"), value: html`<${Time} at=${channel.updated_at} exact />` },
        ].filter(({ value }) => value)}
      />
      <${Command} line=${shellLine("channel", "info", channel.id)} />
    <//>
  `;
}

/** @param {any} channel */
function rateOf({ rate, effective_rate }) {
  if (effective_rate === null) return t("channel.rate_unbound");
  return rate === null ? t("channel.rate_preset", { rate: effective_rate }) : effective_rate;
}

/** @param {any} spec */
function ofWebhook(spec) {
  return [
    { name: t("channel.url"), value: html`<code>${withoutPath(spec.url)}</code>` },
    { name: t("channel.preset"), value: labelOf(spec.preset) ?? t("channel.no_preset") },
    { name: t("channel.method"), value: spec.method !== "POST" && spec.method },
    { name: t("channel.content_type"), value: !spec.preset && spec.content_type },
    { name: t("channel.headers"), value: headersOf(spec.headers) },
    { name: t("channel.timeout"), value: t("channel.seconds", { count: spec.timeout }) },
    { name: t("channel.status_codes"), value: statusCodes(spec.success_status_codes) },
    { name: t("channel.response_match"), value: spec.response_match && html`<code>${spec.response_match}</code>` },
    { name: t("channel.response_no_match"), value: spec.response_no_match && html`<code>${spec.response_no_match}</code>` },
    { name: t("channel.ca_bundle"), value: spec.ca_bundle && t("channel.own_ca") },
    { name: t("channel.client_certificate"), value: spec.client_certificate && t("channel.has_certificate") },
  ];
}

/** @param {any} spec */
function ofEmail({ smtp, message, auth, ca_bundle }) {
  return [
    { name: t("channel.mail_server"), value: html`<code>${smtp.host}:${smtp.port}</code> ${t(smtp.use_tls ? "channel.tls" : "channel.no_tls")}` },
    { name: t("channel.login"), value: auth ? auth.username : t("channel.no_login") },
    { name: t("channel.from"), value: message.from_email },
    { name: t("channel.to"), value: lines(message.to_emails) },
    { name: t("channel.domains"), value: message.allowed_domains?.join(", ") },
    { name: t("channel.subject"), value: message.subject_template && html`<code>${message.subject_template}</code>` },
    { name: t("channel.timeout"), value: t("channel.seconds", { count: smtp.timeout }) },
    { name: t("channel.ca_bundle"), value: ca_bundle && t("channel.own_ca") },
  ];
}

/** @param {Record<string, string | null>} headers */
function headersOf(headers) {
  return lines(Object.entries(headers).map(([name, value]) => html`<code>${name}: ${value ?? "***"}</code>`));
}

/** @param {any[]} values */
function lines(values) {
  return values.length > 0 && values.map((value) => html`<div>${value}</div>`);
}

/** @param {number[]} codes */
function statusCodes(codes) {
  const isEvery = String(codes) === "200,201,202,204"; // the service takes these four for every 2xx
  return isEvery ? t("channel.every_2xx") : codes.join(", ");
}
