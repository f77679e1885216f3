// What is happening now: whether all is well, what became of what came, and what needs somebody to look at it.

import { html } from "../../html.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { Live } from "../../parts/live.js";
import { usePolled } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Status } from "../../parts/status.js";
import { byClock } from "../../parts/time.js";
import { t } from "../../texts/t.js";
import { Channels } from "./channels.js";
import { Counts } from "./counts.js";
import { Mutes } from "./mutes.js";
import { Outcomes } from "./outcomes.js";
import { Problems } from "./problems.js";
import { Waiting } from "./waiting.js";

/** A status is a query for each channel and shard, so it is not asked for more often. */
const SECONDS = 30;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Now({ client }) {
  const { value, problem, reload } = usePolled((signal) => client.get("/notifications/status", {}, { signal }), SECONDS, [client]);
  return html`
    <${Heading} title=${t("now.title")} lead=${value && html`<${Summary} status=${value} />`} />
    <${Fault} problem=${problem} retry=${reload} />
    ${value ? html`<${Overview} status=${value} />` : problem || html`<${Loading} />`}
  `;
}

/** @param {{status: any}} props */
function Summary({ status }) {
  const told = status.well ? t("now.well") : t("now.not_well", { count: status.problems.length });
  return html`
    <${Status} value=${status.well ? "well" : "failing"}>${told}<//>
    <span class="soft small"> ${t("now.as_of", { time: byClock(new Date(status.at), "medium") })}</span>
    <${Live}>${told}<//>
  `;
}

/** @param {{status: any}} props */
function Overview({ status }) {
  return html`
    ${status.well || html`<${Problems} status=${status} />`}
    <div class="columns">
      <${Outcomes} kind="deliveries" status=${status} />
      <${Outcomes} kind="events" status=${status} />
    </div>
    <div class="columns">
      <div class="stack">
        <${Channels} channels=${status.channels} />
        <${Waiting} status=${status} />
      </div>
      <div class="stack">
        <${Counts} status=${status} />
        <${Mutes} mutes=${status.mutes} channels=${status.channels} />
      </div>
    </div>
    <${Command} line=${shellLine("status", "--watch")} />
  `;
}
