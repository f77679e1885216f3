// What differs between two revisions: a line before and after for each field, and of long texts only the lines that changed.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { Value } from "./value.js";
import { visible } from "./visible.js";

/** How many lines around a change are shown. */
const CONTEXT = 2;
/** Texts with more lines in all are not compared line by line, because that takes their product of steps. */
const MAX_LINES = 2_000;

/**
 * @typedef {{field: string, old: unknown, new: unknown}} Difference
 * @typedef {{mark: "-" | "+" | " " | "…", text: string}} Line
 */

/** @param {{differences: Difference[]}} props */
export function Differences({ differences }) {
  if (!differences.length) return html`<p class="empty">${t("history.same")}</p>`;
  return html`
    <div class="differences">
      ${differences.map(
        (one) => html`
          <div class="difference" key=${one.field}>
            <strong class="mono"><${Value} value=${one.field} /></strong>
            <div class="lines" role="group" aria-label=${one.field} tabindex="0">
              ${linesOf(one).map((line) => html`<${Shown} ...${line} />`)}
            </div>
          </div>
        `,
      )}
    </div>
  `;
}

/** @param {Line} props */
function Shown({ mark, text }) {
  if (mark === "+") return html`<ins><span class="mark">+ </span>${visible(text)}</ins>`;
  if (mark === "-") return html`<del><span class="mark">- </span>${visible(text)}</del>`;
  return html`<span class="same"><span class="mark">${mark === "…" ? "… " : "  "}</span>${visible(text)}</span>`;
}

/**
 * @param {Difference} difference
 * @returns {Line[]}
 */
export function linesOf(difference) {
  const [before, after] = [difference.old, difference.new].map(written);
  return near(compared(before, after));
}

/**
 * @param {unknown} value
 * @returns {string[]} a value's lines; none of null
 */
function written(value) {
  if (value === null || value === undefined) return [];
  return (typeof value === "string" ? value : JSON.stringify(value, null, 2)).split("\n");
}

/**
 * Compare lines by their longest common subsequence.
 * @param {string[]} before
 * @param {string[]} after
 * @returns {Line[]}
 */
function compared(before, after) {
  if (before.length + after.length > MAX_LINES) return [...marked("-", before), ...marked("+", after)];
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  /** @type {Line[]} */
  const lines = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ mark: " ", text: before[i] });
      i += 1;
      j += 1;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
      lines.push({ mark: "-", text: before[i] });
      i += 1;
    } else {
      lines.push({ mark: "+", text: after[j] });
      j += 1;
    }
  }
  return [...lines, ...marked("-", before.slice(i)), ...marked("+", after.slice(j))];
}

/**
 * @param {"-" | "+"} mark
 * @param {string[]} texts
 * @returns {Line[]}
 */
function marked(mark, texts) {
  return texts.map((text) => ({ mark, text }));
}

/**
 * Leave out lines that are the same and far from a change.
 * @param {Line[]} lines
 * @returns {Line[]}
 */
function near(lines) {
  const changes = lines.flatMap((line, number) => (line.mark === " " ? [] : [number]));
  /** @type {Line[]} */
  const kept = [];
  lines.forEach((line, number) => {
    if (changes.some((change) => Math.abs(change - number) <= CONTEXT)) kept.push(line);
    else if (kept.at(-1)?.mark !== "…") kept.push({ mark: "…", text: "" });
  });
  return kept;
}
