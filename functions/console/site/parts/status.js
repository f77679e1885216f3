// What has become of something: a word, a sign and a colour, of which the word suffices.

import { html } from "../html.js";
import { hasText, t } from "../texts/t.js";

/** @typedef {"good" | "bad" | "wait" | "off" | "plain"} Tone */

/** @type {Record<string, Tone>} by the service's words */
const TONES = {
  delivered: "good",
  dispatched: "good",
  active: "good",
  enabled: "good",
  well: "good",
  failed: "bad",
  refused: "bad",
  suspended: "bad",
  dead_letter: "bad",
  pending: "wait",
  held: "wait",
  failing: "wait",
  probing: "wait",
  dispatching: "wait",
  skipped: "off",
  unmatched: "off",
  disabled: "off",
  muted: "off",
  observed: "plain",
  collected: "plain",
  observing: "plain",
};

const SIGNS = { good: "✓", bad: "✕", wait: "●", off: "–", plain: "·" };

/** @param {string} value a word of the service */
export function toneOf(value) {
  return TONES[value] ?? "plain";
}

/** @param {string} value a word of the service */
export function wordOf(value) {
  return hasText(`status.${value}`) ? t(`status.${value}`) : value;
}

/**
 * @param {object} props
 * @param {string} props.value the service's word, like "delivered"
 * @param {Tone} [props.tone] where the word alone does not tell
 * @param {any} [props.children] what is shown in place of the word
 */
export function Status({ value, tone = toneOf(value), children }) {
  return html`<span class=${`status ${tone}`}><span class="sign" aria-hidden="true">${SIGNS[tone]}</span>${children ?? wordOf(value)}</span>`;
}
