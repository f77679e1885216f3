// The editor of a template: its lines are numbered, and what is wrong is told at its line.

import { html, useId, useRef } from "../../html.js";
import { Button } from "../../parts/button.js";
import { t } from "../../texts/t.js";

const LEAST_ROWS = 8;
const MOST_ROWS = 28;

/**
 * @param {object} props
 * @param {string} props.value
 * @param {(value: string) => void} props.onInput
 * @param {import("./faults.js").Fault | undefined} props.fault
 * @param {{path: string, description: string}[]} props.fields that the template can use
 * @param {boolean} props.disabled
 */
export function Template({ value, onInput, fault, fields, disabled }) {
  const id = useId();
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const numbers = useRef(/** @type {HTMLElement | null} */ (null));
  const lines = value.split("\n");
  const rows = Math.min(Math.max(lines.length + 1, LEAST_ROWS), MOST_ROWS);
  const scrolled = (/** @type {any} */ event) => {
    if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
  };
  const insert = (/** @type {string} */ path) => {
    const text = area.current;
    if (!text) return;
    text.setRangeText(`{{ ${path} }}`, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    onInput(text.value);
  };
  return html`
    <div class="field">
      <label for=${id}>${t("rule.template")}</label>
      <div class="template">
        <div class="line-numbers mono" aria-hidden="true" ref=${numbers}>
          ${lines.map((_, at) => html`<span key=${at} class=${at + 1 === fault?.line ? "at-fault" : ""}>${at + 1}</span>`)}
        </div>
        <textarea
          id=${id}
          ref=${area}
          class="input mono"
          wrap="off"
          rows=${rows}
          spellcheck=${false}
          autocomplete="off"
          disabled=${disabled}
          aria-invalid=${fault ? true : undefined}
          aria-describedby=${fault && `${id}-fault`}
          value=${value}
          onInput=${(/** @type {any} */ event) => onInput(event.currentTarget.value)}
          onScroll=${scrolled}
        ></textarea>
      </div>
      ${fault && html`
        <div class="wrong row" id=${`${id}-fault`} role="status">
          <span>${fault.text}</span>
          ${fault.line && html`<${Button} kind="plain" onClick=${() => select(area.current, fault)}>${placeOf(fault)}<//>`}
        </div>
      `}
      ${!disabled && html`<${Names} fields=${fields} onChoose=${insert} />`}
    </div>
  `;
}

/** @param {import("./faults.js").Fault} fault */
function placeOf({ line = 0, column }) {
  return column ? t("rule.go_to_column", { line, column }) : t("rule.go_to_line", { line });
}

/**
 * Select what is wrong: from the column on if it is known, otherwise the line.
 * @param {HTMLTextAreaElement | null} area @param {import("./faults.js").Fault} fault
 */
function select(area, { line = 1, column = 1 }) {
  if (!area) return;
  const lines = area.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(before + column - 1, before + (lines[line - 1] ?? "").length);
}

/** @param {{fields: {path: string, description: string}[], onChoose: (path: string) => void}} props */
function Names({ fields, onChoose }) {
  return html`
    <details>
      <summary>${t("rule.names")}</summary>
      <ul class="names">
        ${fields.map(
          ({ path, description }) => html`
            <li key=${path}>
              <button type="button" class="plain mono" onClick=${() => onChoose(path)}>${path}</button>
              <span class="soft small">${description}</span>
            </li>
          `,
        )}
      </ul>
    </details>
  `;
}
