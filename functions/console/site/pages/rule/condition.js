// Which events a rule sends: drawn in rows and groups, or written as text where these do not suffice.

import { fieldsOf } from "../../conditions/fields.js";
import { readable } from "../../conditions/json.js";
import { html, useMemo } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";
import { Builder } from "./builder.js";
import { builderOf, conditionOf, textOf } from "./draft.js";

/** @typedef {import("./draft.js").ConditionForm} ConditionForm */

const ROWS = 6;

/**
 * @param {object} props
 * @param {ConditionForm} props.form
 * @param {(form: ConditionForm) => void} props.onChange
 * @param {{json_schema: any} | undefined} props.eventType
 * @param {import("./faults.js").Fault[]} props.faults
 * @param {boolean} props.disabled
 */
export function Condition({ form, onChange, eventType, faults, disabled }) {
  const fields = useMemo(() => fieldsOf(eventType?.json_schema ?? {}), [eventType]);
  const told = faults.filter(({ place }) => place.startsWith("condition"));
  const text = textOf(form);
  const toText = !disabled && form.mode === "builder" && text && html`<${Button} kind="plain" onClick=${() => onChange(text)}>${t("rule.as_text")}<//>`;
  return html`
    <${Panel} title=${t("rule.condition")} actions=${toText}>
      ${form.mode === "builder"
        ? html`<${Builder} tree=${form.tree} onChange=${(/** @type {any} */ tree) => onChange({ mode: "builder", tree })} fields=${fields} own=${conditionOf(form).faults ?? []} told=${told} disabled=${disabled} />`
        : html`<${AsText} form=${form} onChange=${onChange} disabled=${disabled || form.fixed === true} />`}
      ${form.mode === "builder" && html`<${Shown} text=${text} />`}
      ${told.map(({ text: fault }) => html`<p class="wrong" role="status">${fault}</p>`)}
    <//>
  `;
}

/** @param {{text: {mode: "where" | "json", text: string} | null}} props */
function Shown({ text }) {
  if (!text?.text) return null;
  return html`
    <figure class="where" aria-label=${t("rule.spelled")}>
      <figcaption class="soft small">${text.mode === "where" ? t("rule.spelled_where") : t("rule.spelled_json")}</figcaption>
      <pre class="mono">${text.text}</pre>
    </figure>
  `;
}

/** @param {{form: Extract<ConditionForm, {text: string}>, onChange: (form: ConditionForm) => void, disabled: boolean}} props */
function AsText({ form, onChange, disabled }) {
  const drawn = builderOf(form);
  const spell = (/** @type {string} */ mode) => onChange(respelled(form, mode === "json" ? "json" : "where"));
  const options = [
    { value: "where", label: t("rule.clauses") },
    { value: "json", label: t("rule.pattern") },
  ];
  return html`
    <${Select} label=${t("rule.spelling")} value=${form.mode} onChange=${spell} options=${options} disabled=${disabled} />
    <${Field}
      label=${t("rule.text")}
      hint=${form.fixed ? t("rule.rounded") : form.mode === "where" ? t("rule.clauses_hint") : t("rule.pattern_hint")}
      problem=${conditionOf(form).problem}
      value=${form.text}
      onInput=${(/** @type {string} */ text) => onChange({ ...form, text })}
      rows=${Math.max(ROWS, form.text.split("\n").length)}
      disabled=${disabled}
      mono
    />
    ${!disabled && html`
      <div class="row">
        <${Button} disabled=${drawn === null} onClick=${() => drawn && onChange(drawn)}>${t("rule.as_builder")}<//>
        ${drawn === null && html`<span class="soft small">${t("rule.not_drawable")}</span>`}
      </div>
    `}
  `;
}

/**
 * Write a text in the other spelling, if it means something in this one.
 * @param {Extract<ConditionForm, {text: string}>} form @param {"where" | "json"} mode @returns {ConditionForm}
 */
function respelled(form, mode) {
  const drawn = builderOf(form);
  const text = drawn && textOf(drawn);
  if (mode === form.mode || !text) return { ...form, mode };
  const { condition } = conditionOf(drawn);
  return mode === "where" && text.mode === "where" ? text : { mode, text: condition ? readable(condition) : "" };
}
