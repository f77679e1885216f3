// The values of a row of the builder: what fits the field and the operator.

import { isScalar } from "../../conditions/json.js";
import { html, useId, useState } from "../../html.js";
import { t } from "../../texts/t.js";
import { alternativesIn, literal } from "./clauses/items.js";

/** @typedef {import("../../conditions/json.js").Scalar} Scalar */
/** @typedef {import("../../conditions/fields.js").Kind} Kind */
/**
 * @typedef {object} ValuesProps
 * @property {Scalar[]} values
 * @property {(values: Scalar[]) => void} onChange
 * @property {Kind[] | null} kinds of the values that may be there; null if any
 * @property {Scalar[]} known those of an enum
 * @property {string} label
 * @property {boolean} wrong
 * @property {boolean} disabled
 */

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * Read a value as the field takes it; where anything may be, as clauses do.
 * @param {string} text @param {Kind[] | null} kinds @returns {Scalar}
 */
function scalarOf(text, kinds) {
  const some = kinds?.filter((kind) => kind !== "null") ?? [];
  if (some.length === 1 && some[0] === "text") return text;
  if (some.length === 1 && some[0] === "number") return NUMBER.test(text.trim()) ? Number(text) : text;
  const read = alternativesIn(text);
  return read?.length === 1 && isScalar(read[0]) ? read[0] : text;
}

/** @param {Scalar} value @param {Kind[] | null} kinds @returns {string} */
function shownValue(value, kinds) {
  const isOnlyText = kinds !== null && kinds.every((kind) => kind === "text" || kind === "null");
  return typeof value === "string" && isOnlyText ? value : literal(value);
}

/** @param {ValuesProps & {takes: "none" | "one" | "two" | "many"}} props */
export function Values({ takes, ...props }) {
  const { kinds, values, onChange } = props;
  if (takes === "none") return html`<span class="values"></span>`;
  if (takes === "many") {
    const isTruth = kinds !== null && kinds.includes("boolean") && kinds.every((kind) => kind === "boolean" || kind === "null");
    return isTruth && values.length < 2 ? html`<${Truth} ...${props} />` : html`<${Tokens} ...${props} />`;
  }
  if (takes === "one") return html`<span class="values"><${Amount} ...${props} value=${values[0]} onValue=${(/** @type {any} */ value) => onChange([value])} /></span>`;
  const [lower = "", upper = ""] = values;
  return html`
    <span class="values">
      <${Amount} ...${props} value=${lower} onValue=${(/** @type {any} */ value) => onChange([value, upper])} label=${t("rule.lower")} />
      <span>${t("rule.to")}</span>
      <${Amount} ...${props} value=${upper} onValue=${(/** @type {any} */ value) => onChange([lower, value])} label=${t("rule.upper")} />
    </span>
  `;
}

/** @param {ValuesProps} props */
function Truth({ values, onChange, label, wrong, disabled }) {
  return html`
    <span class="values">
      <select
        class="input"
        aria-label=${label}
        aria-invalid=${wrong || undefined}
        disabled=${disabled}
        value=${String(values[0] ?? "")}
        onChange=${(/** @type {any} */ event) => onChange([event.currentTarget.value === "true"])}
      >
        ${values.length === 0 && html`<option value=""></option>`}
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    </span>
  `;
}

/**
 * A number, as it is typed.
 * @param {{value: Scalar | undefined, onValue: (value: Scalar) => void, label: string, wrong: boolean, disabled: boolean}} props
 */
function Amount({ value, onValue, label, wrong, disabled }) {
  const [text, setText] = useState(String(value ?? ""));
  const shown = scalarOf(text, ["number"]) === value ? text : String(value ?? "");
  const typed = (/** @type {any} */ event) => {
    setText(event.currentTarget.value);
    onValue(scalarOf(event.currentTarget.value, ["number"]));
  };
  return html`
    <input
      class="input amount"
      inputmode="decimal"
      aria-label=${label}
      aria-invalid=${wrong || undefined}
      disabled=${disabled}
      autocomplete="off"
      value=${shown}
      onInput=${typed}
    />
  `;
}

/**
 * Several values: each can be removed, and Enter, or leaving the field, adds what is typed.
 * @param {ValuesProps} props
 */
function Tokens({ values, onChange, kinds, known, label, wrong, disabled }) {
  const [text, setText] = useState("");
  const id = useId();
  const add = () => {
    if (text === "") return;
    const value = scalarOf(text, kinds);
    setText("");
    if (!values.includes(value)) onChange([...values, value]);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return; // Enter ends a syllable of Korean first
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && text === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const remove = (/** @type {Scalar} */ value) => onChange(values.filter((each) => each !== value));
  const left = known.filter((value) => !values.includes(value)).map((value) => shownValue(value, kinds));
  return html`
    <span class="values tokens">
      ${values.map(
        (value) => html`
          <span class="token" key=${literal(value)}>
            <span class="mono">${shownValue(value, kinds) || '""'}</span>
            ${!disabled && html`<button type="button" aria-label=${t("rule.remove_value", { value: shownValue(value, kinds) })} onClick=${() => remove(value)}>×</button>`}
          </span>
        `,
      )}
      ${!disabled && html`
        <input
          class="input"
          aria-label=${label}
          aria-invalid=${wrong || undefined}
          list=${left.length > 0 ? `${id}-known` : undefined}
          placeholder=${values.length === 0 ? t("rule.value") : t("rule.or_value")}
          autocomplete="off"
          value=${text}
          onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
          onKeyDown=${pressed}
          onBlur=${add}
        />
        ${left.length > 0 && html`<datalist id=${`${id}-known`}>${left.map((value) => html`<option value=${value}></option>`)}</datalist>`}
      `}
    </span>
  `;
}
