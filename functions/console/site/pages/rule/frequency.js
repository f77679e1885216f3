// How often a rule sends: for each event, once in a while, or many events in one message.

import { html } from "../../html.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";

/** @typedef {import("./draft.js").Form} Form */

const PERIODS = ["5m", "10m", "1h", "1d"];
const DIGEST_PERIODS = ["5m", "1h", "daily@09:00[UTC]"];
const DEFAULT_MAX = 100;

/**
 * @param {object} props
 * @param {Form} props.form
 * @param {(changed: Partial<Form>) => void} props.onChange
 * @param {import("./faults.js").Fault[]} props.faults
 * @param {boolean} props.disabled
 */
export function Frequency({ form, onChange, faults, disabled }) {
  const { once_per: oncePer, digest } = form;
  const chosen = [oncePer && "once_per", digest && "digest"].filter(Boolean).join("_and_") || "each";
  const choose = (/** @type {string} */ value) =>
    onChange({
      once_per: value === "once_per" ? (oncePer ?? { period: "10m", by: [] }) : null,
      digest: value === "digest" ? (digest ?? { period: "5m", by: [], max: DEFAULT_MAX }) : null,
    });
  const names = ["each", "once_per", "digest", ...(oncePer && digest ? ["once_per_and_digest"] : [])];
  return html`
    <${Panel} title=${t("rule.frequency")}>
      <${Select} label=${t("rule.sends_how_often")} value=${chosen} options=${names.map((value) => ({ value, label: t(`rule.how_often.${value}`) }))} onChange=${choose} disabled=${disabled} />
      ${oncePer && html`<${Window} name="once_per" window=${oncePer} periods=${PERIODS} onChange=${(/** @type {any} */ window) => onChange({ once_per: window })} faults=${faults} disabled=${disabled} />`}
      ${digest && html`<${Window} name="digest" window=${digest} periods=${DIGEST_PERIODS} onChange=${(/** @type {any} */ window) => onChange({ digest: window })} faults=${faults} disabled=${disabled} />`}
    <//>
  `;
}

/**
 * @param {object} props
 * @param {"once_per" | "digest"} props.name
 * @param {{period: string, by: string[], max?: number}} props.window
 * @param {string[]} props.periods
 * @param {(window: any) => void} props.onChange
 * @param {import("./faults.js").Fault[]} props.faults
 * @param {boolean} props.disabled
 */
function Window({ name, window, periods, onChange, faults, disabled }) {
  const told = (/** @type {string} */ member) => faults.find(({ place }) => place === `${name}.${member}`)?.text;
  const split = (/** @type {string} */ text) => text.split(",").map((field) => field.trim()).filter(Boolean);
  const count = (/** @type {string} */ text) => onChange({ ...window, max: Number(text) || undefined });
  return html`
    <div class="filters">
      <${Field} label=${t(`rule.${name}_period`)} value=${window.period} onInput=${(/** @type {string} */ period) => onChange({ ...window, period })} suggestions=${periods} problem=${told("period")} disabled=${disabled} mono />
      <${By} value=${window.by} onChange=${(/** @type {string} */ text) => onChange({ ...window, by: split(text) })} problem=${told("by")} disabled=${disabled} />
      ${name === "digest" && html`<${Field} label=${t("rule.digest_max")} type="number" value=${String(window.max ?? "")} onInput=${count} problem=${told("max")} attributes=${{ min: 1, max: 1000 }} disabled=${disabled} />`}
    </div>
  `;
}

/** @param {{value: string[], onChange: (text: string) => void, problem: string | undefined, disabled: boolean}} props */
function By({ value, onChange, problem, disabled }) {
  const commit = (/** @type {any} */ event) => onChange(event.currentTarget.value);
  return html`<${Field} label=${t("rule.by")} hint=${t("rule.by_hint")} value=${value.join(", ")} attributes=${{ onChange: commit }} problem=${problem} disabled=${disabled} mono />`;
}
