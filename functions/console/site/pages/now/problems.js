// What an operator should look at, in the language of the page, with the way to it.

import { html } from "../../html.js";
import { Panel } from "../../parts/panel.js";
import { Reason } from "../../parts/reason.js";
import { Status } from "../../parts/status.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { duration } from "./duration.js";

/** Where the records of a kind are listed. @type {Record<string, string>} */
const LISTS = { failed: "/deliveries", refused: "/events", dead_letter: "/events" };

/** @param {{status: any}} props */
export function Problems({ status: { causes, channels, queues } }) {
  return html`
    <${Panel} title=${t("now.problems")}>
      <ul>${causes.map((/** @type {any} */ cause) => html`<li key=${cause.kind + cause.channel_id}><${Problem} cause=${cause} channels=${channels} queues=${queues} /></li>`)}</ul>
    <//>
  `;
}

/** @param {{cause: any, channels: any[], queues: any[]}} props */
function Problem({ cause: { kind, count, channel_id }, channels, queues }) {
  if (kind === "channel") {
    const { name, state, state_reason: reason } = channels.find(({ id }) => id === channel_id);
    return html`<a href=${link(`/channels/${channel_id}`)}><${Value} value=${name} /></a> <${Status} value=${state} /> <${Reason} reason=${reason} />`;
  }
  const old = queues.find(({ name }) => kind === `old_${name}`);
  const text = t(`now.problem.${kind}`, { count: count ?? 0, time: duration(old?.oldest_age_seconds ?? 0) });
  return LISTS[kind] ? html`<a href=${link(LISTS[kind], { status: kind, since: "1h" })}>${text}</a>` : text;
}
