// The form of a channel, new or stored.

import { same } from "../../conditions/json.js";
import { html, useMemo, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { changedSince, Meanwhile } from "../../parts/meanwhile.js";
import { Panel } from "../../parts/panel.js";
import { problemOf } from "../../parts/problem-of.js";
import { Select } from "../../parts/select.js";
import { useUnsaved } from "../../parts/unsaved.js";
import { t } from "../../texts/t.js";
import { changes, creation, draftOf, rebased } from "./draft.js";
import { EmailFields } from "./email-fields.js";
import { changeLine, creationLine } from "./line.js";
import { suggested } from "./presets.js";
import { SCHEDULES } from "./retries.js";
import { WebhookFields } from "./webhook-fields.js";

const CHANNELS = "/notifications/channels";

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {any} props.stored null for a new channel; a later one is not taken, because the draft is made of the first
 * @param {(response: any) => void} props.onSaved
 * @param {() => void} props.onClose
 */
export function ChannelForm({ client, stored: given, onSaved, onClose }) {
  const [stored] = useState(given);
  const [draft, setDraft] = useState(() => draftOf(stored));
  const [other, setOther] = useState(/** @type {import("../../parts/meanwhile.js").Other | null} */ (null));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const { question, release } = useUnsaved(!same(draft, draftOf(stored)));
  const set = (/** @type {Partial<import("./draft.js").Draft>} */ changed) => setDraft((before) => ({ ...before, ...changed }));
  const meant = suggested(draft.url.trim());
  const wrong = (/** @type {string} */ name) => problemOf(problem, name);
  const body = stored ? changes(draft, stored) : creation(draft, meant);
  const of = { client, path: `${CHANNELS}/${stored?.id}`, command: "channel", id: stored?.id };
  const save = async (/** @type {any} */ seen) => {
    setBusy(true);
    setProblem(null);
    try {
      const found = seen && (await changedSince(of, "channel", seen.updated_at));
      if (!found) {
        const response = await (seen ? client.patch(of.path, changes(rebased(draft, stored, seen), seen)) : client.post(CHANNELS, body));
        release();
        return onSaved(response);
      }
      setOther(found);
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    save(stored);
  };
  const close = () => {
    release();
    onClose();
  };
  const part = { draft, set, wrong, stored };
  return html`
    <form class="stack" onSubmit=${submit}>
      <${Panel} title=${t("channel.general")}>
        ${!stored &&
        html`<${Select}
          label=${t("channel.type")}
          value=${draft.type}
          onChange=${(/** @type {"webhook" | "email"} */ type) => set({ type })}
          options=${["webhook", "email"].map((value) => ({ value, label: t(`channel.types.${value}`) }))}
        />`}
        <${Field} label=${t("channel.name")} value=${draft.name} required onInput=${(/** @type {string} */ name) => set({ name })} problem=${wrong("name")} />
        <${Field}
          label=${t("channel.description")}
          value=${draft.description}
          onInput=${(/** @type {string} */ description) => set({ description })}
          problem=${wrong("description")}
          rows=${2}
        />
        <${Checkbox} label=${t("channel.enabled")} checked=${draft.enabled} onChange=${(/** @type {boolean} */ enabled) => set({ enabled })} />
      <//>
      ${draft.type === "email" ? html`<${EmailFields} ...${part} />` : html`<${WebhookFields} ...${part} suggested=${meant} />`}
      <${Timing} ...${part} />
      <${Fault} problem=${problem} />
      <div class="row end">
        <${Button} onClick=${close}>${t("part.cancel")}<//>
        <${Button} type="submit" kind="primary" busy=${busy} disabled=${Object.keys(body).length === 0}>${t(stored ? "channel.save" : "channel.create")}<//>
      </div>
      <${Command} line=${stored ? changeLine(draft, stored) : creationLine(draft, meant)} />
      <p class="hint">${t("channel.variables")}</p>
      ${other && html`<${Meanwhile} of=${of} other=${other} onClose=${() => setOther(null)} onDiscard=${close} onSave=${() => save(other.present)} />`}
      ${question}
    </form>
  `;
}

/** @param {{draft: import("./draft.js").Draft, set: (changed: any) => void, wrong: (name: string) => string | null}} props */
function Timing({ draft, set, wrong }) {
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  return html`
    <${Panel} title=${t("channel.timing")}>
      <div class="fields">
        <${Field}
          label=${t("channel.retry")}
          hint=${t("channel.retry_hint")}
          value=${draft.retry}
          onInput=${(/** @type {string} */ retry) => set({ retry })}
          problem=${wrong("retry")}
          suggestions=${SCHEDULES}
        />
        <${Field}
          label=${t("channel.rate")}
          hint=${t("channel.rate_hint")}
          value=${draft.rate}
          onInput=${(/** @type {string} */ rate) => set({ rate })}
          problem=${wrong("rate")}
          suggestions=${["1/s", "30/m", "100/h", "none"]}
        />
        <${Field}
          label=${t("channel.timezone")}
          hint=${t("channel.timezone_hint")}
          value=${draft.timezone}
          onInput=${(/** @type {string} */ timezone) => set({ timezone })}
          problem=${wrong("timezone")}
          suggestions=${zones}
        />
      </div>
    <//>
  `;
}
