// How often the rule would have fired: it is tried with the recorded events of its type, page by page.

import { html, useEffect, useRef, useState } from "../../html.js";
import { Bars } from "../../parts/bars.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Facts } from "../../parts/facts.js";
import { Fault } from "../../parts/fault.js";
import { Live } from "../../parts/live.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { Time } from "../../parts/time.js";
import { serverNow } from "../../service/clock.js";
import { link } from "../../shell/router.js";
import { language, t } from "../../texts/t.js";
import { draftOf } from "./draft.js";
import { withDraft } from "./lines.js";
import { added, barsOf } from "./tally.js";

const SPANS = ["1d", "3d", "7d", "30d"];
const DAY = 86_400_000;

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {import("./draft.js").Form} props.form
 * @param {{id?: string, name?: string}} props.identity see `draftOf`
 * @param {boolean} props.changed whether it differs from what is stored
 * @param {boolean} props.ready
 * @param {string} props.span how far back, like 7d
 * @param {(span: string) => void} props.onSpan
 */
export function Backtest({ client, form, identity, changed, ready, span, onSpan }) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const running = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => running.current?.abort(), []);
  const known = SPANS.includes(span) ? span : "7d";
  const asked = changed ? { rule_id: identity.id, rule: draftOf(form, identity), compare: identity.id !== undefined } : { rule_id: identity.id };
  const run = async () => {
    const control = new AbortController();
    running.current = control;
    setBusy(true);
    setProblem(null);
    try {
      await count(client, asked, known, control.signal, (/** @type {any} */ told) => setFound({ ...told, of: JSON.stringify(asked) }));
    } catch (error) {
      if (!control.signal.aborted) setProblem(error);
    }
    setBusy(false);
  };
  const options = SPANS.map((value) => ({ value, label: t("rule.days", { count: Number.parseInt(value, 10) }) }));
  return html`
    <${Panel} title=${t("rule.backtest")}>
      <p class="soft">${t("rule.backtest_means")}</p>
      <div class="filters">
        <${Select} label=${t("rule.span")} value=${known} options=${options} onChange=${onSpan} />
        ${busy
          ? html`<${Button} onClick=${() => running.current?.abort()}>${t("rule.stop")}<//>`
          : html`<${Button} kind="primary" disabled=${!ready} onClick=${run}>${t("rule.run")}<//>`}
      </div>
      <${Fault} problem=${problem} />
      <${Live} visible>${busy && t("rule.searched_so_far", { count: found?.searched ?? 0 })}<//>
      ${found && found.of !== JSON.stringify(asked) && html`<p class="warning">${t("rule.stale")}</p>`}
      ${found && html`<${Found} found=${found} />`}
      ${ready && html`<${Command} line=${lineOf(form, identity, changed, known)} />`}
    <//>
  `;
}

/**
 * Ask page after page, and tell what was found so far after each.
 * @param {import("../../service/client.js").Client} client @param {any} asked @param {string} span
 * @param {AbortSignal} signal @param {(found: any) => void} tell
 */
async function count(client, asked, span, signal, tell) {
  const until = new Date(serverNow());
  const since = new Date(until.getTime() - Number.parseInt(span, 10) * DAY);
  const period = { since: since.toISOString(), until: until.toISOString() };
  let sum = null;
  let [cursor, windows] = [null, null];
  do {
    const page = await client.post("/notifications/backtests", { ...asked, ...period, cursor, windows }, { signal });
    sum = added(sum, page);
    [cursor, windows] = [page.next, page.windows];
    tell({ ...sum, since, until });
  } while (cursor !== null);
}

/** @param {{found: any}} props */
function Found({ found }) {
  const { difference } = found;
  const share = found.searched ? found.hits / found.searched : 0;
  const percent = share.toLocaleString(language(), { style: "percent", maximumSignificantDigits: 3 });
  const facts = [
    { name: t("rule.hits"), value: t("rule.hits_of", { hits: found.hits, count: found.searched, percent }) },
    { name: t("rule.messages"), value: found.messages?.toLocaleString(language()) },
    { name: t("rule.failed"), value: found.failed || null },
    { name: t("rule.empty"), value: found.empty || null },
    { name: t("rule.unreadable"), value: found.unreadable || null },
    { name: t("rule.both"), value: difference?.both.toLocaleString(language()) },
    { name: t("rule.only_draft"), value: difference && html`<${Only} count=${difference.only_draft} first=${difference.first_only_draft} />` },
    { name: t("rule.only_stored"), value: difference && html`<${Only} count=${difference.only_stored} first=${difference.first_only_stored} />` },
  ];
  const bars = barsOf(found.hours, found.since, found.until);
  const points = bars.map(({ at, hits }) => ({ label: labelOf(at, found), values: { hits } }));
  return html`
    <${Facts} facts=${facts} />
    ${!found.enabled && html`<p class="soft small">${t("rule.tried_enabled")}</p>`}
    <${Bars} title=${t("rule.hits_by_time")} first=${t("rule.when")} series=${[{ name: "hits", label: t("rule.hits"), tone: "good" }]} points=${points} />
    <${Events} title=${t("rule.first_hits")} events=${found.samples} member="message" />
    <${Events} title=${t("rule.first_failures")} events=${found.failures} member="error" />
  `;
}

/** @param {{count: number, first: string[]}} props */
function Only({ count: number, first }) {
  return html`${number.toLocaleString(language())} ${first.map((id) => html`<a class="mono" key=${id} href=${eventLink(id)}>${id.slice(0, 8)}</a> `)}`;
}

/** @param {{title: string, events: any[], member: "message" | "error"}} props */
function Events({ title, events, member }) {
  if (events.length === 0) return null;
  return html`
    <h3>${title}</h3>
    <ul class="samples">
      ${events.map(
        (event) => html`
          <li key=${event.event_id}>
            <a href=${eventLink(event.event_id)}><${Time} at=${event.created_at} exact /></a>
            <code>${event[member].trimEnd()}${event.message_cut ? " …" : ""}</code>
          </li>
        `,
      )}
    </ul>
  `;
}

/** @param {string} id */
function eventLink(id) {
  return link(`/events/${encodeURIComponent(id)}`);
}

/** @param {Date} at @param {{since: Date, until: Date}} found */
function labelOf(at, { since, until }) {
  const isHourly = until.getTime() - since.getTime() <= 3 * DAY;
  return at.toLocaleString(language(), isHourly ? { weekday: "short", hour: "numeric", minute: "2-digit" } : { month: "short", day: "numeric" });
}

/** @param {import("./draft.js").Form} form @param {{id?: string, name?: string}} identity @param {boolean} changed @param {string} span */
function lineOf(form, identity, changed, span) {
  const words = ["rule", "backtest", ...(identity.id ? [identity.id] : []), "--since", span];
  if (!changed) return shellLine(...words);
  const draft = { ...draftOf(form, identity), ...(identity.id ? {} : { name: form.name || identity.name }) };
  return withDraft(identity.id ? [...words, "--compare"] : words, draft);
}
