// An attempt to deliver: when, how long, and what the receiver responded.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { Failure } from "./failure.js";
import { Reason } from "./reason.js";
import { Status } from "./status.js";
import { elapsed } from "./times.js";
import { Text, Value } from "./value.js";

/**
 * What came of an attempt, in a line.
 * @param {{attempt: any}} props
 */
export function Outcome({ attempt }) {
  const failed = attempt.error_class !== null;
  const without = t(failed ? `failure.${attempt.error_class}` : "part.no_response");
  return html`
    <${Status} value=${failed ? "failed" : "delivered"}>${attempt.status === null ? without : html`<span class="mono">${attempt.status}</span>`}<//>
    <span class="muted">${t("part.took", { time: elapsed(attempt.seconds * 1000) })}</span>
  `;
}

/**
 * All that is recorded of an attempt.
 * @param {{attempt: any}} props
 */
export function AttemptDetails({ attempt }) {
  return html`
    <div class="stack">
      ${attempt.error && html`<p class="wrong">${attempt.error_class && html`<${Failure} kind=${attempt.error_class} />: `}<${Reason} reason=${attempt.error} most=${1000} /></p>`}
      <${Headers} title=${`${attempt.method} ${attempt.url}`} headers=${attempt.headers} />
      ${Object.keys(attempt.recipients).length > 0 && html`<${Headers} title=${t("part.recipients")} headers=${attempt.recipients} />`}
      ${attempt.response === null
        ? html`<p class="muted">${t("part.no_body")}</p>`
        : html`<${Text} value=${attempt.response} label=${t("part.response")} />`}
      ${attempt.response_cut && html`<p class="hint">${t("part.response_cut")}</p>`}
    </div>
  `;
}

/**
 * Names with their values below a title.
 * @param {{title: string, headers: Record<string, string>}} props
 */
export function Headers({ title, headers }) {
  return html`
    <div class="headers mono">
      <p><${Value} value=${title} /></p>
      <dl>${Object.entries(headers).map(([name, value]) => html`<div key=${name}><dt><${Value} value=${name} />:</dt> <dd><${Value} value=${value} /></dd></div>`)}</dl>
    </div>
  `;
}
