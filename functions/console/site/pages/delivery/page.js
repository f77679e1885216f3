// A delivery: what is sent, each attempt with the receiver's response, and when the next one is.

import { html } from "../../html.js";
import { AttemptDetails, Outcome } from "../../parts/attempts.js";
import { Command, shellLine } from "../../parts/command.js";
import { Facts } from "../../parts/facts.js";
import { Failure } from "../../parts/failure.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { Live } from "../../parts/live.js";
import { Loading } from "../../parts/loading.js";
import { Panel } from "../../parts/panel.js";
import { Reason } from "../../parts/reason.js";
import { Resend } from "../../parts/resend.js";
import { Status, wordOf } from "../../parts/status.js";
import { Time } from "../../parts/time.js";
import { readable, Text, Value } from "../../parts/value.js";
import { useWatched } from "../../parts/watched.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { load, lookAgain } from "./loading.js";

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Delivery({ client, can, id = "" }) {
  const { value, problem, reload } = useWatched((signal) => load(client, id, signal), lookAgain, [client, id]);
  return html`
    <${Heading} title=${t("delivery.title")} lead=${html`<span class="mono"><${Value} value=${id} /></span>`}>
      ${value && html`<${Status} value=${value.delivery.status} /> <${Resend} client=${client} can=${can} id=${id} onDone=${reload} />`}
    <//>
    <${Fault} problem=${problem} retry=${reload} />
    ${value && html`<${Whole} ...${value} />`}
    ${!value && !problem && html`<${Loading} />`}
    <${Command} line=${shellLine("delivery", "info", id)} />
  `;
}

/** @param {{delivery: any, rule: any, channel: any}} props */
function Whole({ delivery, rule, channel }) {
  return html`
    <${Live}>${t("delivery.now", { status: wordOf(delivery.status), count: delivery.attempt_count })}<//>
    <${Panel} title=${t("delivery.about")}><${About} delivery=${delivery} rule=${rule} channel=${channel} /><//>
    <${Panel} title=${t("delivery.attempts", { count: delivery.attempt_count })}><${Attempts} delivery=${delivery} /><//>
    <${Panel} title=${t("delivery.sent")}>
      ${delivery.subject && html`<p><strong><${Value} value=${delivery.subject} /></strong></p>`}
      ${delivery.message === null ? html`<p class="empty">${t("delivery.no_message")}</p>` : html`<${Text} value=${readable(delivery.message)} label=${t("delivery.sent")} />`}
    <//>
  `;
}

/** @param {{delivery: any, rule: any, channel: any}} props */
function About({ delivery, rule, channel }) {
  const linked = (/** @type {string} */ path, /** @type {string} */ text, params = {}) => html`<a href=${link(path, params)}><${Value} value=${text} most=${120} /></a>`;
  const facts = [
    { name: t("delivery.status"), value: html`<${Status} value=${delivery.status} /> <${Reason} reason=${delivery.reason} />` },
    { name: t("delivery.failure"), value: delivery.error_class && html`<${Failure} kind=${delivery.error_class} />` },
    { name: t("delivery.next"), value: delivery.next_attempt_at && html`<${Time} at=${delivery.next_attempt_at} exact />` },
    { name: t("delivery.event"), value: html`${linked(`/events/${delivery.event_id}`, delivery.event_id)} <span class="soft mono"><${Value} value=${delivery.rule_type} /></span>` },
    { name: t("delivery.rule"), value: linked(`/rules/${delivery.rule_id}`, rule?.name ?? delivery.rule_id) },
    { name: t("delivery.channel"), value: linked(`/channels/${delivery.channel_id}`, channel?.name ?? delivery.channel_id) },
    { name: t("delivery.mute"), value: delivery.mute_id && linked("/deliveries", delivery.mute_id, { mute: delivery.mute_id }) },
    { name: t("delivery.digest"), value: delivery.digest_id && linked(`/events/${delivery.digest_id}`, delivery.digest_id) },
    { name: t("delivery.created"), value: html`<${Time} at=${delivery.created_at} exact />` },
    { name: t("delivery.updated"), value: html`<${Time} at=${delivery.updated_at} exact />` },
  ];
  return html`<${Facts} facts=${facts} />`;
}

/** @param {{delivery: any}} props */
function Attempts({ delivery: { attempts, attempt_count, next_attempt_at, status } }) {
  const first = attempt_count - attempts.length;
  if (!attempts.length && status !== "pending") return html`<p class="empty">${t("delivery.no_attempts")}</p>`;
  return html`
    ${first > 0 && html`<p class="hint">${t("delivery.earlier", { count: first })}</p>`}
    <ol class="timeline">
      ${attempts.map((/** @type {any} */ attempt, /** @type {number} */ index) => html`
        <li key=${first + index} class="step" data-tone=${attempt.error_class === null ? "good" : "bad"}>
          <div class="at"><${Time} at=${attempt.at} exact /></div>
          <div class="what">
            <h3>${t("delivery.attempt", { number: first + index + 1 })}</h3>
            <p class="row tight"><${Outcome} attempt=${attempt} /></p>
            <details open=${index === attempts.length - 1}><summary>${t("delivery.response")}</summary><${AttemptDetails} attempt=${attempt} /></details>
          </div>
        </li>
      `)}
      ${status === "pending" && html`<li key="next" class="step" data-tone="wait"><div class="at"><${Time} at=${next_attempt_at} exact /></div><div class="what"><h3>${t("delivery.next")}</h3></div></li>`}
    </ol>
  `;
}
