// A labelled choice of one among several.

import { html, useId } from "../html.js";

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.value
 * @param {(value: string) => void} props.onChange
 * @param {{value: string, label: string, disabled?: boolean}[]} props.options
 * @param {string} [props.hint]
 * @param {string | null} [props.problem]
 * @param {boolean} [props.disabled]
 */
export function Select({ label, value, onChange, options, hint, problem, disabled }) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <select
        id=${id}
        class="input"
        value=${value}
        disabled=${disabled}
        aria-describedby=${described}
        aria-invalid=${problem ? true : undefined}
        onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
      >
        ${options.map((option) => html`<option key=${option.value} value=${option.value} disabled=${option.disabled}>${option.label}</option>`)}
      </select>
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${problem && html`<p class="wrong" id=${`${id}-problem`}>${problem}</p>`}
    </div>
  `;
}
