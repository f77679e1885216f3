// The form of a new mute, and when it would be in force in this week.

import { same } from "../../conditions/json.js";
import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { problemOf } from "../../parts/problem-of.js";
import { useUnsaved } from "../../parts/unsaved.js";
import { serverNow } from "../../service/clock.js";
import { t } from "../../texts/t.js";
import { Calendar } from "./calendar.js";
import { bodyOf, draftOf, lineOf, timesOf } from "./draft.js";
import { Subject } from "./subject.js";
import { weekOf } from "./week.js";
import { When } from "./when.js";
import { viewersZone } from "./zones.js";

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
  const [start] = useState(() => draftOf(params, zone));
  const [draft, setDraft] = useState(start);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const { question, release } = useUnsaved(!same(draft, start));
  const set = (/** @type {Partial<import("./draft.js").Draft>} */ changed) => setDraft((before) => ({ ...before, ...changed }));
  const wrong = (/** @type {string} */ name) => problemOf(problem, name);
  const save = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const response = await client.post("/notifications/mutes", bodyOf(draft, serverNow()));
      release();
      onSaved(response.mute);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const close = () => {
    release();
    onClose();
  };
  return html`
    <form onSubmit=${save}>
      <${Panel} title=${t("mutes.new")}>
        <${Field}
          label=${t("mutes.reason")}
          hint=${t("mutes.reason_hint")}
          value=${draft.reason}
          onInput=${(/** @type {string} */ reason) => set({ reason })}
          required
          problem=${wrong("reason")}
        />
        <${Subject} client=${client} draft=${draft} set=${set} wrong=${wrong} />
        <${When} draft=${draft} set=${set} wrong=${wrong} zone=${zone} />
        <${Checkbox}
          label=${t("mutes.hold")}
          hint=${t("mutes.hold_hint")}
          checked=${draft.hold}
          onChange=${(/** @type {boolean} */ hold) => set({ hold })}
        />
        <${Preview} draft=${draft} zone=${zone} now=${now} />
        <${Fault} problem=${problem} />
        <div class="row end">
          <${Button} onClick=${close}>${t("part.cancel")}<//>
          <${Button} type="submit" kind="primary" busy=${busy}>${t("mutes.create")}<//>
        </div>
        <${Command} line=${lineOf(draft)} />
      <//>
      ${question}
    </form>
  `;
}

/** @param {{draft: import("./draft.js").Draft, zone: string, now: number}} props */
function Preview({ draft, zone, now }) {
  const { until = null, weekly = [] } = timesOf(draft, now);
  if (until === null && !weekly.length) return null;
  const reason = draft.reason || t("mutes.new");
  const mute = { id: "draft", reason, created_at: new Date(now).toISOString(), until, ended_at: null, weekly, hold: draft.hold };
  return html`
    <section class="stack" aria-label=${t("mutes.preview")}>
      <h3>${t("mutes.preview")}</h3>
      <${Calendar} mutes=${[mute]} week=${weekOf(zone, undefined, now)} now=${now} draft />
    </section>
  `;
}
