// An event: when it came, what each rule made of it and why, what was sent and what receivers responded.

import { html, useRef, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { Live } from "../../parts/live.js";
import { Loading } from "../../parts/loading.js";
import { Panel } from "../../parts/panel.js";
import { Status, wordOf } from "../../parts/status.js";
import { Text, Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { useWatched } from "../../parts/watched.js";
import { serverNow } from "../../service/clock.js";
import { t } from "../../texts/t.js";
import { Dispatch } from "./dispatch.js";
import { load, SHOWN_DELIVERIES } from "./loading.js";
import { lookAgain } from "./steps.js";
import { Timeline } from "./timeline.js";

/** How long an event is waited for of which there is no record yet. */
const AWAITED_MS = 60_000;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Event({ client, can, id = "" }) {
  const [most, setMost] = useState(SHOWN_DELIVERIES);
  const opened = useRef(performance.now());
  const isAwaited = () => performance.now() - opened.current < AWAITED_MS;
  const { value: told, problem, reload } = useWatched(
    (signal) => load(client, id, most, signal),
    (value) => (value.event || isAwaited() ? lookAgain(value, serverNow()) : 0),
    [client, id, most],
  );
  const event = told?.event;
  return html`
    <${Heading} title=${event ? t("event.title", { type: visible(event.rule_type) }) : t("event.one")} lead=${html`<span class="mono"><${Value} value=${id} /></span>`}>
      ${event && html`<${Status} value=${event.status} /> <${Dispatch} client=${client} can=${can} event=${event} onDone=${reload} />`}
    <//>
    <${Fault} problem=${problem} retry=${reload} />
    <${Live}>${event && t("event.now", { status: wordOf(event.status), count: sumOf(event.counts) })}<//>
    ${told && !event && html`<p class="empty" role="status">${t(isAwaited() ? "event.not_yet" : "event.unknown")}</p>`}
    ${event && html`
      <${Panel} title=${t("event.timeline")}>
        <${Timeline} told=${told} client=${client} can=${can} reload=${reload} />
        ${told.left > 0 && html`<p><${Button} onClick=${() => setMost(most + 10 * SHOWN_DELIVERIES)}>${t("event.more_attempts", { count: told.left })}<//></p>`}
      <//>
      <${Panel} title=${t("event.fields")}>
        ${event.data === null ? html`<p class="empty">${t("event.no_fields")}</p>` : html`<${Text} value=${event.data} label=${t("event.fields")} />`}
      <//>
      <${Command} line=${shellLine("event", "explain", id)} />
    `}
    ${!told && !problem && html`<${Loading} />`}
  `;
}

/** @param {Record<string, number>} counts */
function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
