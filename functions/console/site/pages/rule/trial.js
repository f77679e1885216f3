// Tries the rule as it stands in the editor on an event: what becomes of it, why, and what readers would see.

import { html, useEffect, useState } from "../../html.js";
import { Command, jsonWord, shellLine } from "../../parts/command.js";
import { Facts } from "../../parts/facts.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { Reason } from "../../parts/reason.js";
import { wordOf } from "../../parts/status.js";
import { byClock } from "../../parts/time.js";
import { Verdict } from "../../parts/verdict.js";
import { t } from "../../texts/t.js";
import { draftOf } from "./draft.js";
import { faultsOf } from "./faults.js";
import { withDraft } from "./lines.js";
import { Preview } from "./preview.js";

const RECENT = 10;
const PAUSE_MILLISECONDS = 350;
const SAMPLE = "";
const ID_CHARS = 8;

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {import("./draft.js").Form} props.form
 * @param {{id?: string, name?: string}} props.identity see `draftOf`
 * @param {boolean} props.changed whether it differs from what is stored
 * @param {boolean} props.ready whether there is enough of it to be tried
 * @param {string} props.eventId of the recorded event that it is tried on; "" for a sample
 * @param {(id: string) => void} props.onEvent
 * @param {(problem: any) => void} props.onProblem called with what the service says of the draft; null if it is well
 */
export function Trial({ client, form, identity, changed, ready, eventId, onEvent, onProblem }) {
  const { value: recent } = useLoaded((signal) => recentEvents(client, form.rule_type, signal), [client, form.rule_type]);
  const { value: event, problem: lost } = useLoaded((signal) => eventOf(client, eventId, signal), [client, eventId]);
  const draft = draftOf(form, identity);
  const settled = useSettled(JSON.stringify(draft));
  const isLost = event !== null && event.data === null;
  const isReady = ready && !isLost && (eventId === SAMPLE || event?.id === eventId);
  const { value: told, problem } = useLoaded(
    async (signal) => (isReady ? tried(client, JSON.parse(settled), event, signal) : null),
    [client, settled, isReady, event],
  );
  useEffect(() => onProblem(problem), [problem]);
  return html`
    <${Panel} title=${t("rule.trial")}>
      <${Select} label=${t("rule.event")} value=${eventId} options=${choices(recent, eventId)} onChange=${onEvent} />
      ${lost && html`<p class="wrong">${lost.detail || lost.message}</p>`}
      ${isLost && html`<p class="soft">${t("rule.no_fields")}</p>`}
      ${!ready && html`<p class="soft">${t("rule.not_ready")}</p>`}
      ${ready && !told && !problem && !lost && !isLost && html`<${Loading} />`}
      ${isReady && told && !problem && html`<${Told} verdict=${told.verdict} disabled=${!form.enabled} />`}
      ${isReady && problem && html`<p class="wrong" role="status">${t("rule.cannot_be_tried")} ${faultsOf(problem, form.message_template)[0]?.text}</p>`}
      ${isReady && told && !problem && html`<${Preview} told=${told.preview} />`}
      ${isReady && html`<${Command} line=${lineOf(form, draft, identity, event, changed)} />`}
    <//>
  `;
}

/** @param {{verdict: any, disabled: boolean}} props */
function Told({ verdict, disabled }) {
  const { deciding, mute, reason } = verdict;
  const facts = [
    { name: t("rule.deciding"), value: deciding && html`<code>${deciding.clause}</code>` },
    { name: t("rule.seen"), value: deciding && html`<code>${deciding.path}</code> ${t("rule.is")} <code>${deciding.seen}</code>` },
    { name: t("rule.needed"), value: deciding && html`<code lang="en">${deciding.needed}</code>` },
    { name: t("rule.reason"), value: verdict.verdict !== "unmet" && reason && html`<${Reason} reason=${reason} />` },
    { name: t("rule.mute"), value: mute?.reason },
    { name: t("rule.request"), value: verdict.url && `${verdict.method} ${verdict.url}` },
    { name: t("rule.recipients"), value: verdict.recipients?.join(", ") },
  ];
  return html`
    <div class="verdict" aria-live="polite">
      <p><${Verdict} verdict=${verdict.verdict} /> ${t(`rule.verdict_means.${verdict.verdict ?? "unknown"}`)}</p>
      ${disabled && html`<p class="soft small">${t("rule.tried_enabled")}</p>`}
      <${Facts} facts=${facts} />
    </div>
  `;
}

/**
 * Return a value when it has not changed for a moment.
 * @template T @param {T} value @returns {T}
 */
function useSettled(value) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** @param {import("../../service/client.js").Client} client @param {string} type @param {AbortSignal} signal */
async function recentEvents(client, type, signal) {
  if (!type) return [];
  const { events } = await client.get("/notifications/events", { rule_type: type, limit: RECENT }, { signal });
  return events;
}

/** @param {import("../../service/client.js").Client} client @param {string} id @param {AbortSignal} signal */
async function eventOf(client, id, signal) {
  if (id === SAMPLE) return null;
  const { event } = await client.get(`/notifications/events/${encodeURIComponent(id)}`, {}, { signal });
  return event;
}

/**
 * Ask what becomes of the event, and what readers would see.
 * @param {import("../../service/client.js").Client} client @param {any} draft @param {any} event @param {AbortSignal} signal
 */
async function tried(client, draft, event, signal) {
  const given = event ? { notification_data: event.data, timestamp: event.timestamp, event_id: event.id } : { sample: true };
  const simulation = { rule_type: draft.rule_type, ...given, rules: [draft], rule_ids: [draft.id ?? "draft-1"] };
  const shown = { rule: draft, ...(event ? { event_id: event.id } : { sample: true }) };
  const [{ rules }, preview] = await Promise.all([
    client.post("/notifications/simulations", simulation, { signal }),
    client.post("/notifications/previews", shown, { signal }),
  ]);
  return { verdict: rules[0], preview };
}

/** @param {any[] | null} recent @param {string} chosen */
function choices(recent, chosen) {
  const events = (recent ?? []).map(({ id, created_at: at, status }) => ({ value: id, label: `${byClock(new Date(at), "medium")} · ${id.slice(0, ID_CHARS)} · ${wordOf(status)}` }));
  const isKnown = chosen === SAMPLE || events.some(({ value }) => value === chosen);
  return [{ value: SAMPLE, label: t("rule.sample") }, ...events, ...(isKnown ? [] : [{ value: chosen, label: chosen }])];
}

/**
 * @param {import("./draft.js").Form} form @param {any} draft @param {{id?: string}} identity @param {any} event
 * @param {boolean} changed
 */
function lineOf(form, draft, { id }, event, changed) {
  const given = event ? ["--data", jsonWord(event.data), ...(event.timestamp ? ["--at", event.timestamp] : [])] : ["--sample"];
  const words = ["simulate", form.rule_type, ...given, "--rule", id ?? "draft-1"];
  return changed || !form.enabled ? withDraft(words, { ...draft, ...(id ? {} : { name: form.name || draft.name }) }) : shellLine(...words);
}
