// Saves a rule; a change by somebody else since it was loaded is told first.

import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Live } from "../../parts/live.js";
import { changedSince, Meanwhile } from "../../parts/meanwhile.js";
import { t } from "../../texts/t.js";
import { changesOf, conditionOf, documentOf } from "./draft.js";
import { createLine, updateLine } from "./lines.js";

const RULES = "/notifications/rules";
const CUSTOM = { params: { custom: true } };

/** @param {string} id */
export const pathOf = (id) => `${RULES}/${encodeURIComponent(id)}`;

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {import("./draft.js").Form} props.form
 * @param {any} props.rule as it was loaded; null if it is new
 * @param {boolean} props.changed
 * @param {(rule: any, warnings: string[]) => void} props.onSaved
 * @param {() => void} props.onDiscard
 * @param {(rule: any) => void} props.onLoaded called with the rule as others have changed it
 * @param {(problem: any) => void} props.onProblem
 * @param {any} props.problem why the last try failed
 */
export function Saving({ client, form, rule, changed, onSaved, onDiscard, onLoaded, onProblem, problem }) {
  const [busy, setBusy] = useState(false);
  const [other, setOther] = useState(/** @type {import("../../parts/meanwhile.js").Other | null} */ (null));
  const of = { client, path: pathOf(rule?.id), command: "rule", id: rule?.id };
  const { faults, problem: unreadable } = conditionOf(form.condition);
  const isBroken = Boolean(faults || unreadable);
  const save = async (/** @type {string} */ seen) => {
    setBusy(true);
    onProblem(null);
    try {
      const found = rule === null ? await client.post(RULES, documentOf(form)) : await changeOf(of, form, rule, seen, setOther);
      if (found) onSaved(found.rule, found.warnings ?? []);
    } catch (error) {
      onProblem(error);
    }
    setBusy(false);
  };
  if (!changed && rule !== null) return null;
  const line = rule === null ? createLine(documentOf(form)) : updateLine(rule.id, changesOf(form, rule));
  return html`
    <div class="saving" role="region" aria-label=${t("rule.saving")}>
      <${Fault} problem=${problem} />
      <div class="row spread">
        <${Live} visible>${isBroken ? t("rule.unfinished") : rule === null ? t("rule.not_created") : t("rule.unsaved")}<//>
        <span class="row">
          ${changed && html`<${Button} onClick=${onDiscard}>${t("rule.discard")}<//>`}
          <${Button} kind="primary" disabled=${isBroken} busy=${busy} onClick=${() => save(rule?.updated_at)}>${t(rule === null ? "rule.create" : "rule.save")}<//>
        </span>
      </div>
      ${!isBroken && html`<${Command} line=${line} />`}
      ${other && html`<${Meanwhile} of=${of} other=${other} onClose=${() => setOther(null)} onDiscard=${() => onLoaded(other.present)} onSave=${() => save(other.present.updated_at)} />`}
    </div>
  `;
}

/**
 * Change a stored rule, unless it is no longer what was seen; then tell of the other change.
 * @param {import("../../parts/history.js").Of} of @param {import("./draft.js").Form} form @param {any} rule
 * @param {string} seen its `updated_at` @param {(other: import("../../parts/meanwhile.js").Other) => void} tell
 */
async function changeOf(of, form, rule, seen, tell) {
  const other = await changedSince(of, "rule", seen, CUSTOM.params);
  if (other === null) return of.client.patch(of.path, changesOf(form, rule), CUSTOM);
  tell(other);
  return null;
}
