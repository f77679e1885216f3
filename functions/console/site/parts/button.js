// A button. While `busy` it cannot be pressed, but keeps the focus.

import { html } from "../html.js";

/**
 * @param {object} props
 * @param {any} props.children what it says
 * @param {(event: MouseEvent) => void} [props.onClick]
 * @param {"primary" | "danger" | "plain"} [props.kind]
 * @param {"button" | "submit"} [props.type]
 * @param {boolean} [props.disabled]
 * @param {boolean} [props.busy]
 * @param {string} [props.label] for a button that shows only a sign
 */
export function Button({ children, onClick, kind, type = "button", disabled = false, busy = false, label }) {
  return html`
    <button
      type=${type}
      class=${`button ${kind ?? ""}`}
      disabled=${disabled}
      aria-disabled=${busy || undefined}
      aria-busy=${busy || undefined}
      aria-label=${label}
      onClick=${(/** @type {MouseEvent} */ event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      ${children}
    </button>
  `;
}
