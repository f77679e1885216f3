// The form of a new mute, and when it would be in force in this week.

import { html, useMemo, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { useLoaded } from "../../parts/loaded.js";
import { Panel } from "../../parts/panel.js";
import { rulesOf } from "../../parts/rules-of.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";
import { Calendar } from "./calendar.js";
import { bodyOf, draftOf, LENGTHS, lineOf, timesOf, windowOf } from "./draft.js";
import { weekOf } from "./week.js";
import { WindowFields } from "./window-fields.js";
import { viewersZone } from "./zones.js";

/** How many channels can be chosen from. */
const MAX_CHANNELS = 1000;

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {Record<string, string>} props.params
 * @param {number} props.now
 * @param {(mute: any) => void} props.onSaved
 * @param {() => void} props.onClose
 */
export function CreateMute({ client, params, now, onSaved, onClose }) {
  const zone = viewersZone();
  const [draft, setDraft] = useState(() => draftOf(params, zone));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const set = (/** @type {Partial<import("./draft.js").Draft>} */ changed) => setDraft((before) => ({ ...before, ...changed }));
  const wrong = (/** @type {string} */ name) => problemOf(problem, name);
  const save = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const response = await client.post("/notifications/mutes", bodyOf(draft, Date.now()));
      onSaved(response.mute);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return html`
    <form onSubmit=${save}>
      <${Panel} title=${t("mutes.new")}>
        <${Field} label=${t("mutes.reason")} hint=${t("mutes.reason_hint")} value=${draft.reason} required onInput=${(/** @type {string} */ reason) => set({ reason })} problem=${wrong("reason")} />
        <${Subject} client=${client} draft=${draft} set=${set} wrong=${wrong} />
        <${When} draft=${draft} set=${set} wrong=${wrong} zone=${zone} />
        <${Checkbox} label=${t("mutes.hold")} hint=${t("mutes.hold_hint")} checked=${draft.hold} onChange=${(/** @type {boolean} */ hold) => set({ hold })} />
        <${Preview} draft=${draft} zone=${zone} now=${now} />
        <${Fault} problem=${problem} />
        <div class="row end">
          <${Button} onClick=${onClose}>${t("part.cancel")}<//>
          <${Button} type="submit" kind="primary" busy=${busy}>${t("mutes.create")}<//>
        </div>
        <${Command} line=${lineOf(draft)} />
      <//>
    </form>
  `;
}

/** @typedef {{draft: import("./draft.js").Draft, set: (changed: Partial<import("./draft.js").Draft>) => void, wrong: (name: string) => string | null}} PartProps */

/** @param {PartProps & {client: import("../../service/client.js").Client}} props */
function Subject({ client, draft, set, wrong }) {
  const channels = useLoaded(
    (signal) => client.post("/notifications/channels/search", { order: [{ field: "name", direction: "asc" }], limit: MAX_CHANNELS }, { signal }),
    [],
  );
  const rules = useLoaded((signal) => rulesOf(client, {}, signal), []);
  const types = useLoaded((signal) => client.get("/notifications/event-types", {}, { signal }), []);
  const any = { value: "", label: t("mutes.any") };
  const named = (/** @type {any[]} */ all) => [any, ...all.map((one) => ({ value: one.id ?? one.name, label: one.name }))];
  return html`
    <fieldset class="plain-set">
      <legend>${t("mutes.about")}</legend>
      <${Checkbox} label=${t("mutes.everything_choice")} checked=${draft.everything} onChange=${(/** @type {boolean} */ everything) => set({ everything })} />
      ${!draft.everything &&
      html`
        <div class="fields">
          <${Select} label=${t("mutes.by_rule")} value=${draft.rule} options=${named(rules.value ?? [])} onChange=${(/** @type {string} */ rule) => set({ rule })} problem=${wrong("rule_id")} />
          <${Select}
            label=${t("mutes.by_channel")}
            value=${draft.channel}
            options=${named(channels.value?.channels ?? [])}
            onChange=${(/** @type {string} */ channel) => set({ channel })}
            problem=${wrong("channel_id")}
          />
          <${Select} label=${t("mutes.by_type")} value=${draft.type} options=${named(types.value?.event_types ?? [])} onChange=${(/** @type {string} */ type) => set({ type })} problem=${wrong("rule_type")} />
        </div>
        <${Field} label=${t("mutes.by_where")} hint=${t("mutes.where_hint")} value=${draft.where} onInput=${(/** @type {string} */ where) => set({ where })} problem=${wrong("where")} rows=${2} mono />
      `}
      <${Fault} problem=${channels.problem ?? rules.problem ?? types.problem} />
    </fieldset>
  `;
}

/** @param {PartProps & {zone: string}} props */
function When({ draft, set, wrong, zone }) {
  const kinds = /** @type {const} */ (["for", "until", "weekly"]);
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const replaced = (/** @type {number} */ number, /** @type {any} */ changed) => draft.windows.map((one, index) => (index === number ? { ...one, ...changed } : one));
  return html`
    <fieldset class="plain-set">
      <legend>${t("mutes.when")}</legend>
      <div class="row" role="radiogroup" aria-label=${t("mutes.when")}>
        ${kinds.map(
          (kind) => html`
            <label key=${kind} class="choice"><input type="radio" name="when" value=${kind} checked=${draft.when === kind} onChange=${() => set({ when: kind })} /> ${t(`mutes.when_${kind}`)}</label>
          `,
        )}
      </div>
      ${draft.when === "for" &&
      html`<${Select}
        label=${t("mutes.length")}
        value=${draft.length}
        options=${Object.keys(LENGTHS).map((value) => ({ value, label: t(`mutes.lengths.${value}`) }))}
        onChange=${(/** @type {any} */ length) => set({ length })}
        problem=${wrong("until")}
      />`}
      ${draft.when === "weekly" &&
      html`
        ${draft.windows.map(
          (one, number) => html`<${WindowFields}
            key=${number}
            number=${number}
            window=${one}
            zones=${zones}
            problem=${wrong(`weekly.${number}`) ?? (number === 0 ? wrong("weekly") : null)}
            onChange=${(/** @type {any} */ changed) => set({ windows: replaced(number, changed) })}
            onRemove=${draft.windows.length > 1 ? () => set({ windows: draft.windows.filter((_, index) => index !== number) }) : null}
          />`,
        )}
        <div><${Button} onClick=${() => set({ windows: [...draft.windows, windowOf(zone)] })}>${t("mutes.window_add")}<//></div>
      `}
      ${draft.when !== "for" &&
      html`<${Field}
        label=${t(draft.when === "weekly" ? "mutes.weekly_until" : "mutes.until")}
        type="datetime-local"
        hint=${t("mutes.until_hint", { zone })}
        value=${draft.until}
        onInput=${(/** @type {string} */ until) => set({ until })}
        required=${draft.when === "until"}
        problem=${wrong("until")}
      />`}
    </fieldset>
  `;
}

/** @param {{draft: import("./draft.js").Draft, zone: string, now: number}} props */
function Preview({ draft, zone, now }) {
  const { until = null, weekly = [] } = timesOf(draft, now);
  if (until === null && !weekly.length) return null;
  const mute = { id: "draft", reason: draft.reason || t("mutes.new"), created_at: new Date(now).toISOString(), until, ended_at: null, weekly, hold: draft.hold };
  return html`
    <section class="stack" aria-label=${t("mutes.preview")}>
      <h3>${t("mutes.preview")}</h3>
      <${Calendar} mutes=${[mute]} week=${weekOf(zone, undefined, now)} now=${now} draft />
    </section>
  `;
}

/**
 * @param {any} problem
 * @param {string} name
 * @returns {string | null} what is wrong with a member
 */
function problemOf(problem, name) {
  const found = problem?.errors?.find((/** @type {any} */ error) => error.loc?.slice(1).join(".").startsWith(name));
  if (found) return found.msg;
  // A refusal of one member begins with its place, as "until: ..." and "weekly.0: ..." do.
  return problem?.detail?.startsWith(`${name}: `) ? problem.detail.slice(name.length + 2) : null;
}
