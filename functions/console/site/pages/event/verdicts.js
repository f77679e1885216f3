// The words and tones of verdicts.

import { hasText, t } from "../../texts/t.js";

/** @type {Record<string, import("../../parts/status.js").Tone>} */
const TONES = { fires: "good", collected: "good", failed: "bad", muted: "wait" };

/** @param {string | null} verdict */
export function toneOfVerdict(verdict) {
  return TONES[verdict ?? ""] ?? "off";
}

/** @param {string | null} verdict null is not known */
export function wordOfVerdict(verdict) {
  const name = `event.verdict.${verdict ?? "unknown"}`;
  return hasText(name) ? t(name) : String(verdict);
}
