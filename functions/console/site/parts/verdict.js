// What a rule makes of an event, in a word.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { Status } from "./status.js";

/** @type {Record<string, import("./status.js").Tone>} */
const TONES = { fires: "good", observes: "good", collected: "good", failed: "bad", muted: "wait", repeated: "wait" };

/** @param {{verdict: string | null}} props the service's word; null if that is not known */
export function Verdict({ verdict }) {
  const word = verdict ?? "unknown";
  return html`<${Status} value=${word} tone=${TONES[word] ?? "off"}>${t(`verdict.${word}`)}<//>`;
}
