// Says what has changed to those who do not see it.

import { html } from "../html.js";

/**
 * @param {object} props
 * @param {any} props.children a text, or nothing
 * @param {boolean} [props.visible] for everybody
 */
export function Live({ children, visible = false }) {
  return html`<span role="status" aria-live="polite" class=${visible ? "" : "visually-hidden"}>${children || ""}</span>`;
}
