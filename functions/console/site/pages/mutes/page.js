// Mutes: what is kept back for a while, when in this week, and how much that is.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { useNow } from "../../parts/now.js";
import { Panel } from "../../parts/panel.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Calendar } from "./calendar.js";
import { CreateMute } from "./form.js";
import { allMutes, MutesTable } from "./list.js";
import { OneMute } from "./one.js";
import { weekOf } from "./week.js";
import { viewersZone } from "./zones.js";

/** How often "now" moves on in the calendar. */
const MINUTE = 60_000;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Mutes({ client, params, setParams, can }) {
  const ended = params.ended === "true";
  const found = useLoaded((signal) => allMutes(client, ended, signal), [ended]);
  const [told, setTold] = useState("");
  const now = useNow(MINUTE);
  const week = weekOf(viewersZone(), params.week, now);
  const mutes = found.value ?? [];
  const changed = async (/** @type {string} */ text) => {
    setTold(text);
    await found.reload();
  };
  const mayMute = can("operator");
  return html`
    <${Heading} title=${t("mutes.title")} lead=${t("mutes.lead")}>
      ${params.form !== "new" && html`<${Action} can=${can} kind="primary" onClick=${() => setParams({ form: "new" }, { keep: true })}>${t("mutes.create")}<//>`}
    <//>
    <p role="status" class=${told ? "outcome" : "visually-hidden"}>${told}</p>
    ${mayMute &&
    params.form === "new" &&
    html`<${CreateMute}
      client=${client}
      params=${params}
      now=${now}
      onClose=${() => setParams({ form: null })}
      onSaved=${(/** @type {any} */ mute) => {
        setParams({ form: null, mute: mute.id });
        changed(t("mutes.created"));
      }}
    />`}
    ${params.mute &&
    html`<${OneMute}
      key=${params.mute}
      client=${client}
      can=${can}
      id=${params.mute}
      version=${found.value}
      onClose=${() => setParams({ mute: null })}
      onEnded=${() => changed(t("mutes.was_ended"))}
    />`}
    <${Fault} problem=${found.problem} retry=${found.reload} />
    <${Panel}
      title=${t("mutes.week")}
      actions=${html`
        <a class="button" href=${link("/mutes", { ...params, week: week.before })}>${t("mutes.week_before")}</a>
        <a class="button" href=${link("/mutes", { ...params, week: null })}>${t("mutes.week_now")}</a>
        <a class="button" href=${link("/mutes", { ...params, week: week.after })}>${t("mutes.week_after")}</a>
      `}
    >
      ${!found.value && found.loading ? html`<${Loading} />` : html`<${Calendar} mutes=${mutes} week=${week} now=${now} />`}
    <//>
    <${Panel} title=${t("mutes.all")}>
      <${Checkbox} label=${t("mutes.with_ended")} checked=${ended} onChange=${(/** @type {boolean} */ chosen) => setParams({ ended: chosen || null })} />
      ${found.value && html`<${MutesTable} mutes=${mutes} params=${params} />`}
      <${Command} line=${shellLine("mute", "list", ended && "--ended")} />
    <//>
  `;
}
