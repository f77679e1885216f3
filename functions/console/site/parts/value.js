// A value that came from elsewhere: only ever text, which cannot turn the writing direction of what is around it, and
// of which a part is shown if it is long.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { cut, visible, visibleText } from "./visible.js";

const LINE_CHARS = 300;
const TEXT_CHARS = 4_000;

/**
 * A value on one line.
 * @param {object} props
 * @param {unknown} props.value nothing is shown of null
 * @param {number} [props.most] how many characters
 */
export function Value({ value, most = LINE_CHARS }) {
  if (value === null || value === undefined || value === "") return null;
  return html`<bdi class="value">${visible(value, most)}</bdi>`;
}

/**
 * A text or a document, with lines of its own.
 * @param {object} props
 * @param {unknown} props.value
 * @param {string} props.label what it is, for those who do not see it
 */
export function Text({ value, label }) {
  const [whole, setWhole] = useState(false);
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const isCut = !whole && text.length > TEXT_CHARS;
  return html`
    <pre class="code" tabindex="0" role="group" aria-label=${label} dir="auto">${visibleText(isCut ? cut(text, TEXT_CHARS) : text)}</pre>
    ${isCut && html`<${Button} onClick=${() => setWhole(true)}>${t("part.whole", { count: text.length })}<//>`}
  `;
}

/**
 * Write a body as people read it: JSON with a line for each member, anything else as it is.
 * @param {string} body
 */
export function readable(body) {
  try {
    const parsed = JSON.parse(body);
    return typeof parsed === "object" ? JSON.stringify(parsed, null, 2) : body;
  } catch {
    return body;
  }
}
