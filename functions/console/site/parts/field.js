// A labelled field for text.

import { html, useId } from "../html.js";

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.value] without it the field keeps its text to itself, as a secret's must
 * @param {(value: string) => void} [props.onInput]
 * @param {string} [props.name] by which a form finds it
 * @param {string} [props.type] of the input: text, password, number, datetime-local, search
 * @param {string} [props.hint] below the field
 * @param {string | null} [props.problem] what is wrong with the value
 * @param {number} [props.rows] more than 1 for a text of several lines
 * @param {boolean} [props.required]
 * @param {boolean} [props.mono] for code and ids
 * @param {string} [props.placeholder]
 * @param {string} [props.autocomplete]
 * @param {string[]} [props.suggestions]
 * @param {boolean} [props.disabled]
 * @param {Record<string, unknown>} [props.attributes] others of the input, like min and max
 */
export function Field({ label, value, onInput, type = "text", hint, problem, rows = 1, mono, autocomplete = "off", suggestions, attributes, ...others }) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;
  const props = {
    id,
    class: `input ${mono ? "mono" : ""}`,
    ...(value === undefined ? {} : { value }),
    onInput: (/** @type {any} */ event) => onInput?.(event.currentTarget.value),
    "aria-describedby": described,
    "aria-invalid": problem ? true : undefined,
    autocomplete,
    spellcheck: mono ? false : undefined,
    ...others,
    ...attributes,
  };
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${rows > 1 ? html`<textarea rows=${rows} ...${props}></textarea>` : html`<input type=${type} list=${suggestions && `${id}-list`} ...${props} />`}
      ${suggestions && html`<datalist id=${`${id}-list`}>${suggestions.map((text) => html`<option value=${text}></option>`)}</datalist>`}
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${problem && html`<p class="wrong" id=${`${id}-problem`}>${problem}</p>`}
    </div>
  `;
}
