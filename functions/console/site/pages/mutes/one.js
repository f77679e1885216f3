// One mute: what it keeps back and until when; ending it, and sending what it skipped.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { authorOf } from "../../parts/author.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { Facts } from "../../parts/facts.js";
import { Fault } from "../../parts/fault.js";
import { History } from "../../parts/history.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Managed } from "../../parts/managed.js";
import { Panel } from "../../parts/panel.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { About } from "./about.js";
import { MuteState, suppressed } from "./list.js";

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {(role: string) => boolean} props.can
 * @param {string} props.id
 * @param {unknown} props.version it is loaded anew when this changes
 * @param {() => void} props.onClose
 * @param {() => Promise<void>} props.onEnded
 */
export function OneMute({ client, can, id, version, onClose, onEnded }) {
  const path = `/notifications/mutes/${encodeURIComponent(id)}`;
  const found = useLoaded((signal) => client.get(path, {}, { signal }), [path, version]);
  const [ending, setEnding] = useState(false);
  const mute = found.value?.mute;
  if (!mute) return found.problem ? html`<${Fault} problem=${found.problem} retry=${found.reload} />` : html`<${Loading} />`;
  const isOver = mute.state === "ended";
  const actions = html`
    ${!isOver && html`<${Action} can=${can} kind="danger" onClick=${() => setEnding(true)}>${t("mutes.end")}<//>`}
    <${Button} onClick=${onClose}>${t("part.close")}<//>
  `;
  return html`
    <${Panel} title=${html`<${Value} value=${mute.reason} />`} actions=${actions}>
      <${Managed} managed=${mute.managed} />
      <${Facts}
        facts=${[
          { name: t("mutes.state"), value: html`<${MuteState} mute=${mute} />` },
          { name: t("mutes.changes_at"), value: mute.changes_at && html`<${Time} at=${mute.changes_at} exact />` },
          { name: t("mutes.about"), value: html`<${About} mute=${mute} />` },
          { name: t("mutes.fate"), value: t(mute.hold ? "mutes.holds" : "mutes.skips") },
          { name: t("mutes.until"), value: mute.until && html`<${Time} at=${mute.until} exact />` },
          { name: t("mutes.weekly"), value: mute.weekly.length > 0 && mute.weekly.map((/** @type {string} */ text) => html`<div key=${text}><code>${text}</code></div>`) },
          { name: t("mutes.created_at"), value: html`<${Time} at=${mute.created_at} exact />` },
          { name: t("mutes.by"), value: authorOf({ by: mute.created_by }) },
          { name: t("mutes.ended_at"), value: mute.ended_at && html`<${Time} at=${mute.ended_at} exact />` },
          { name: t("mutes.suppressed"), value: suppressed(mute) },
        ].filter(({ value }) => value)}
      />
      ${mute.suppressed > 0 && html`<${Suppressed} mute=${mute} mayRetry=${can("operator")} />`}
      <${Command} line=${shellLine("mute", "info", mute.id)} />
    <//>
    <${History} client=${client} path=${path} command="mute" id=${mute.id} title=${t("mutes.history")} version=${version} />
    ${ending &&
    html`<${Confirm}
      title=${t("mutes.end_title", { reason: mute.reason })}
      body=${t(mute.hold ? "mutes.end_holds" : "mutes.end_skips")}
      action=${t("mutes.end")}
      command=${shellLine("mute", "end", mute.id)}
      onConfirm=${async () => {
        await client.post(`${path}/end`);
        await onEnded();
      }}
      onClose=${() => setEnding(false)}
    />`}
  `;
}

/** @param {{mute: any, mayRetry: boolean}} props */
function Suppressed({ mute, mayRetry }) {
  return html`
    <p><a href=${link("/deliveries", { mute: mute.id })}>${t(mayRetry ? "mutes.send_again" : "mutes.show_suppressed", { count: mute.suppressed })}</a></p>
    <${Command} line=${shellLine("delivery", mayRetry ? "retry" : "list", "--mute", mute.id, mayRetry && "--dry-run")} />
  `;
}
