// What the form asks of an email channel.

import { html } from "../../html.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { t } from "../../texts/t.js";
import { KeepCredentials } from "./keep-credentials.js";

/** @param {import("./webhook-fields.js").PartProps} props */
export function EmailFields({ draft, set, wrong, stored }) {
  const field = (/** @type {keyof import("./draft.js").Draft} */ name) => ({
    value: draft[name],
    onInput: (/** @type {string} */ value) => set({ [name]: value }),
  });
  return html`
    <${Panel} title=${t("channel.mail_server")}>
      <div class="fields">
        <${Field} label=${t("channel.host")} ...${field("host")} required problem=${wrong("host")} placeholder="smtp.example.com" mono />
        <${Field} label=${t("channel.port")} ...${field("port")} required problem=${wrong("port")} attributes=${{ inputmode: "numeric" }} hint=${t("channel.port_hint")} />
        <${Field} label=${t("channel.username")} ...${field("username")} problem=${wrong("username") ?? wrong("auth")} />
        <${Field}
          label=${t("channel.password")}
          type="password"
          ...${field("password")}
          problem=${wrong("password")}
          autocomplete="new-password"
          hint=${t(stored?.spec.auth ? "channel.secret_kept" : "channel.secret_sealed")}
        />
        <${Field} label=${t("channel.timeout")} ...${field("timeout")} problem=${wrong("timeout")} hint=${t("channel.timeout_hint")} />
      </div>
      <${Checkbox} label=${t("channel.use_tls")} hint=${t("channel.use_tls_hint")} checked=${draft.useTls} onChange=${(/** @type {boolean} */ useTls) => set({ useTls })} />
      <${Field} label=${t("channel.ca_bundle")} hint=${t("channel.ca_bundle_hint")} ...${field("caBundle")} problem=${wrong("ca_bundle")} rows=${3} mono />
      ${stored &&
      html`<${KeepCredentials} ...${{ draft, set }} />`}
    <//>
    <${Panel} title=${t("channel.mail")}>
      <${Field} label=${t("channel.from")} ...${field("from")} required problem=${wrong("from_email")} placeholder="Backend.AI <backend.ai@example.com>" />
      <${Field} label=${t("channel.to")} ...${field("to")} required problem=${wrong("to_emails")} hint=${t("channel.to_hint")} rows=${3} />
      <${Field} label=${t("channel.domains")} ...${field("domains")} problem=${wrong("allowed_domains")} hint=${t("channel.domains_hint")} placeholder="example.com" />
      <${Field} label=${t("channel.subject")} ...${field("subject")} problem=${wrong("subject_template")} hint=${t("channel.subject_hint")} mono />
    <//>
  `;
}
