// Events as they come, and those that came: by time, type, status, and clauses on their fields.

import { html } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { Live } from "../../parts/live.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { isPeriod } from "../../parts/period.js";
import { byClock, Time } from "../../parts/time.js";
import { t } from "../../texts/t.js";
import { Filters } from "./filters.js";
import { useEvents } from "./following.js";
import { List } from "./list.js";
import { canFollow, command } from "./query.js";

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Events({ client, params, setParams }) {
  const isReadable = isPeriod(params);
  const mayFollow = isReadable && canFollow(params);
  const follows = mayFollow && params.live !== "off";
  const events = useEvents(client, isReadable ? params : null, follows);
  const pause = () => setParams({ live: follows ? "off" : null });
  return html`
    <${Heading} title=${t("events.menu")} lead=${t(follows ? "events.lead_live" : "events.lead")}>
      ${mayFollow && html`
        <span class=${`live-mark ${follows ? "on" : ""}`}>${t(follows ? "events.live" : "events.paused")}</span>
        <${Button} onClick=${pause}>${t(follows ? "events.pause" : "events.go_on")}<//>
      `}
    <//>
    <section class="panel" aria-label=${t("events.filters")}>
      <${Filters} client=${client} params=${params} setParams=${setParams} problem=${events.problem} />
      <${Command} line=${command(params, follows)} />
    </section>
    <${Live}>${events.news && t("events.new", { count: events.news.count, time: byClock(events.news.at, "medium") })}<//>
    ${!isOfClauses(events.problem) && html`<${Results} events=${events} empty=${t(!isReadable ? "part.no_time" : follows ? "events.none_yet" : "events.none")} />`}
  `;
}

/** @param {{events: ReturnType<typeof useEvents>, empty: string}} props */
function Results({ events, empty }) {
  const { rows, loading, problem, reachedAt, searched, next, isCut } = events;
  return html`
    <${Fault} problem=${problem} retry=${events.reload} />
    ${rows.length || !loading ? html`<${List} rows=${rows} empty=${empty} />` : html`<${Loading} />`}
    ${reachedAt && html`<p class="hint">${t("events.searched", { count: searched })} <${Time} at=${reachedAt} exact /></p>`}
    ${isCut && html`<p class="hint">${t("events.cut", { count: rows.length })}</p>`}
    <${Pager} shown=${rows.length} more=${next !== null} loading=${loading} onMore=${events.more} />
  `;
}

/**
 * Tell whether the service refused the clauses: then it is told where they are.
 * @param {any} problem
 */
function isOfClauses(problem) {
  return Boolean(problem?.errors?.some((/** @type {any} */ error) => error.loc[0] === "where"));
}
