// A labelled checkbox.

import { html, useId } from "../html.js";

/**
 * @param {object} props
 * @param {string} props.label
 * @param {boolean} props.checked
 * @param {(checked: boolean) => void} props.onChange
 * @param {string} [props.hint]
 * @param {boolean} [props.disabled]
 */
export function Checkbox({ label, checked, onChange, hint, disabled }) {
  const id = useId();
  return html`
    <div class="field checkbox">
      <input
        id=${id}
        type="checkbox"
        checked=${checked}
        disabled=${disabled}
        aria-describedby=${hint && `${id}-hint`}
        onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)}
      />
      <label for=${id}>${label}</label>
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    </div>
  `;
}
