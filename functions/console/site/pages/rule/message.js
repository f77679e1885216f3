// What a rule sends: the default message of the type, of which parts can be changed, or a template of its own.

import { fieldsOf } from "../../conditions/fields.js";
import { html, useMemo } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";
import { Template } from "./template.js";

/** @typedef {import("./draft.js").Form} Form */
/** @typedef {import("./faults.js").Fault} Fault */

const PARTS = ["title", "text", "link", "level", "dedup"];
const LEVELS = ["info", "success", "warning", "error", "critical"];
const ACTIONS = ["trigger", "acknowledge", "resolve"];

/**
 * @param {object} props
 * @param {Form} props.form
 * @param {(changed: Partial<Form>) => void} props.onChange
 * @param {{json_schema: any} | undefined} props.eventType
 * @param {any} props.channel
 * @param {Fault[]} props.faults
 * @param {boolean} props.disabled
 */
export function Message({ form, onChange, eventType, channel, faults, disabled }) {
  const fields = useMemo(() => fieldsOf(eventType?.json_schema ?? {}), [eventType]);
  const options = [
    { value: "default", label: t("rule.default_message") },
    { value: "own", label: t("rule.own_template") },
  ];
  const ofTemplate = faults.find(({ place }) => place === "message_template");
  const hasDefault = !channel || channel.channel_type === "email" || channel.spec?.preset;
  return html`
    <${Panel} title=${t("rule.message")}>
      <${Select}
        label=${t("rule.sends")}
        value=${form.own ? "own" : "default"}
        options=${options}
        onChange=${(/** @type {string} */ value) => onChange({ own: value === "own" })}
        hint=${hasDefault ? undefined : t("rule.no_default")}
        problem=${form.own ? null : ofTemplate?.text}
        disabled=${disabled}
      />
      ${form.own
        ? html`<${Template} value=${form.message_template} onInput=${(/** @type {string} */ text) => onChange({ message_template: text })} fault=${ofTemplate} fields=${fields} disabled=${disabled} />`
        : html`<${Parts} form=${form} onChange=${onChange} channel=${channel} faults=${faults} disabled=${disabled} />`}
    <//>
  `;
}

/** @param {{form: Form, onChange: (changed: Partial<Form>) => void, channel: any, faults: Fault[], disabled: boolean}} props */
function Parts({ form, onChange, channel, faults, disabled }) {
  const told = (/** @type {string} */ part) => faults.find(({ place }) => place === `message.${part}`)?.text;
  const change = (/** @type {string} */ part, /** @type {string} */ text) => onChange({ parts: { ...form.parts, [part]: text } });
  const hasIncidents = channel?.spec?.preset === "pagerduty" || form.parts.dedup || form.parts.action;
  const shown = hasIncidents ? PARTS : PARTS.filter((part) => part !== "dedup");
  const actions = [{ value: "", label: t("rule.part.action_default") }, ...ACTIONS.map((value) => ({ value, label: t(`rule.part.actions.${value}`) }))];
  return html`
    <p class="soft small">${t("rule.parts_hint")}</p>
    ${shown.map(
      (part) => html`
        <${Field}
          key=${part}
          label=${t(`rule.part.${part}`)}
          value=${form.parts[part]}
          onInput=${(/** @type {string} */ text) => change(part, text)}
          placeholder=${t("rule.part.own")}
          problem=${told(part)}
          rows=${part === "text" ? 3 : 1}
          suggestions=${part === "level" ? LEVELS : undefined}
          disabled=${disabled}
          mono
        />
      `,
    )}
    ${hasIncidents && html`<${Select} label=${t("rule.part.action")} value=${form.parts.action} options=${actions} onChange=${(/** @type {string} */ value) => change("action", value)} disabled=${disabled} />`}
    <${Fields} fields=${form.fields} onChange=${(/** @type {Form["fields"]} */ fields) => onChange({ fields })} told=${told} disabled=${disabled} />
  `;
}

/**
 * @param {object} props
 * @param {Form["fields"]} props.fields
 * @param {(fields: Form["fields"]) => void} props.onChange
 * @param {(part: string) => string | undefined} props.told
 * @param {boolean} props.disabled
 */
function Fields({ fields, onChange, told, disabled }) {
  const list = fields ?? [];
  const change = (/** @type {number} */ at, /** @type {Partial<{label: string, expression: string}>} */ changed) =>
    onChange(list.map((field, number) => (number === at ? { ...field, ...changed } : field)));
  const labels = list.map(({ label }) => label.trim());
  return html`
    <div class="stack" role="group" aria-label=${t("rule.part.fields")}>
      <div class="row spread">
        <h3>${t("rule.part.fields")}</h3>
        ${!disabled && html`<${Button} onClick=${() => onChange([...list, { label: "", expression: "" }])}>${t("rule.part.add_field")}<//>`}
      </div>
      ${list.length === 0 && html`<p class="soft small">${t("rule.part.fields_own")}</p>`}
      ${list.map(
        ({ label, expression }, at) => html`
          <div class="message-field" key=${at}>
            <${Field}
              label=${t("rule.part.label")}
              value=${label}
              onInput=${(/** @type {string} */ text) => change(at, { label: text })}
              problem=${labels.indexOf(label.trim()) < at ? t("rule.part.twice") : undefined}
              disabled=${disabled}
            />
            <${Field}
              label=${t("rule.part.expression")}
              value=${expression}
              onInput=${(/** @type {string} */ text) => change(at, { expression: text })}
              problem=${told(`fields.${label.trim()}`)}
              disabled=${disabled}
              mono
            />
            ${!disabled && html`<${Button} kind="plain" label=${t("rule.remove", { name: label || t("rule.part.label") })} onClick=${() => onChange(list.toSpliced(at, 1))}>×<//>`}
          </div>
        `,
      )}
    </div>
  `;
}
