// What happened to an event, one step below the other, with the time since it came.

import { html } from "../../html.js";
import { AttemptDetails, Outcome } from "../../parts/attempts.js";
import { Reason } from "../../parts/reason.js";
import { Status, toneOf } from "../../parts/status.js";
import { Time } from "../../parts/time.js";
import { elapsed } from "../../parts/times.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Groups } from "./groups.js";
import { Note } from "./note.js";
import { steps } from "./steps.js";

/** @typedef {import("./steps.js").Step} Step */

/** @param {{told: any, client: any, can: (role: string) => boolean, reload: () => unknown}} props */
export function Timeline({ told, client, can, reload }) {
  const { event, explanation, deliveries } = told;
  const rules = new Map(explanation.rules.map((/** @type {any} */ rule) => [rule.rule_id, rule]));
  const found = steps(event, explanation, deliveries);
  const first = found[0].at ?? "";
  return html`
    <ol class="timeline">
      ${found.map((step) => html`
        <li key=${step.key} class="step" data-tone=${toneOfStep(step)}>
          <div class="at"><${Time} at=${step.at} exact /> ${step.at !== first && html`<span class="hint">${since(step.at, first)}</span>`}</div>
          <div class="what">
            ${step.kind === "came" && html`<${Came} event=${event} />`}
            ${step.kind === "earlier" && html`<h3>${t("event.earlier")}</h3><p class="soft">${t("event.earlier_body")}</p>`}
            ${step.kind === "decided" && html`<${Decided} explanation=${explanation} again=${step.again} actions=${{ client, can, reload }} />`}
            ${step.delivery && html`<${OfDelivery} step=${step} rule=${rules.get(step.delivery.rule_id)} />`}
          </div>
        </li>
      `)}
    </ol>
  `;
}

/**
 * @param {string | null} at
 * @param {string} first
 */
function since(at, first) {
  const ms = Date.parse(at ?? "") - Date.parse(first);
  return ms >= 0 ? `+${elapsed(ms)}` : "";
}

/** @param {Step} step */
function toneOfStep({ kind, delivery, attempt }) {
  if (kind === "attempt") return attempt.error_class === null ? "good" : "bad";
  if (kind === "waits") return "wait";
  return kind === "ended" ? toneOf(delivery.status) : "plain";
}

/**
 * Tell whether a delivery ended with this attempt.
 * @param {Step} step
 */
function isLast({ delivery, number }) {
  return delivery.status === "failed" && number === delivery.attempt_count;
}

/** @param {{event: any}} props */
function Came({ event }) {
  return html`
    <h3>${t("event.came")}</h3>
    ${event.status === "dispatching" && html`<p>${t("event.dispatching")}</p>`}
    ${event.reason && html`<p><${Status} value=${event.status} /> <${Reason} reason=${event.reason} /></p>`}
  `;
}

/** @param {{explanation: any, again: boolean | undefined, actions: any}} props */
function Decided({ explanation, again, actions }) {
  const title = explanation.approximate ? "event.decided_about" : again ? "event.decided_again" : "event.decided";
  return html`
    <h3>${t(title, { count: explanation.total ?? explanation.rules.length })}</h3>
    ${explanation.notes.map((/** @type {string} */ note) => html`<${Note} key=${note} note=${note} />`)}
    <${Groups} rules=${explanation.rules} actions=${actions} />
  `;
}

/** @param {{step: Step, rule: any}} props */
function OfDelivery({ step, rule }) {
  const { delivery } = step;
  const name = rule?.name ?? delivery.rule_id;
  const to = rule?.channel ?? delivery.channel_id;
  return html`
    <h3>
      ${step.kind === "attempt" ? t("event.attempt", { number: step.number ?? 0 }) : t(`event.${step.kind}`)}
      <span class="soft"> · <a href=${link(`/deliveries/${delivery.id}`)}><${Value} value=${name} most=${80} /></a> → <${Value} value=${to} most=${80} /></span>
    </h3>
    ${step.kind === "attempt"
      ? html`
          <p class="row tight"><${Outcome} attempt=${step.attempt} /> ${isLast(step) && html`<${Status} value=${delivery.status} />`} <${Reason} reason=${step.attempt.error} most=${200} /></p>
          <details><summary>${t("event.response")}</summary><${AttemptDetails} attempt=${step.attempt} /></details>
        `
      : html`<p class="row tight"><${Status} value=${delivery.status} /> <${Reason} reason=${delivery.reason} /></p>`}
  `;
}
