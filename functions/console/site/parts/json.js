// A document, as text.

import { html } from "../html.js";

/**
 * @param {object} props
 * @param {unknown} props.value
 * @param {string} props.label what it is, for those who do not see it
 */
export function Json({ value, label }) {
  return html`<pre class="code" tabindex="0" role="region" aria-label=${label}>${typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>`;
}
