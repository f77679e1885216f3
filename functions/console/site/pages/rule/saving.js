// Saves a rule; a change by somebody else since it was loaded is told first.

import { html, useState } from "../../html.js";
import { authorOf } from "../../parts/author.js";
import { Button } from "../../parts/button.js";
import { Command } from "../../parts/command.js";
import { Dialog } from "../../parts/dialog.js";
import { Differences } from "../../parts/difference.js";
import { Fault } from "../../parts/fault.js";
import { Live } from "../../parts/live.js";
import { Time } from "../../parts/time.js";
import { t } from "../../texts/t.js";
import { changesOf, conditionOf, documentOf } from "./draft.js";
import { createLine, updateLine } from "./lines.js";

const RULES = "/notifications/rules";
const CUSTOM = { params: { custom: true } };
/** What each change of a rule changes besides. */
const ALWAYS = ["updated_at", "channel"];

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
  const [other, setOther] = useState(/** @type {any} */ (null));
  const { faults, problem: unreadable } = conditionOf(form.condition);
  const isBroken = Boolean(faults || unreadable);
  const save = async (/** @type {string} */ seen) => {
    setBusy(true);
    onProblem(null);
    try {
      const found = rule === null ? await client.post(RULES, documentOf(form)) : await changeOf(client, form, rule, seen, setOther);
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
      ${other && html`<${Meanwhile} other=${other} rule=${rule} onClose=${() => setOther(null)} onLoad=${() => onLoaded(other.rule)} onSave=${() => save(other.rule.updated_at)} />`}
    </div>
  `;
}

/**
 * Change a stored rule, unless it is no longer what was seen; then tell of the other change.
 *
 * The service keeps no lock between the look and the change, so whoever saves within that moment is not noticed. Only
 * what was changed here is sent: the other's changes of other members stay in any case.
 * @param {import("../../service/client.js").Client} client @param {import("./draft.js").Form} form @param {any} rule
 * @param {string} seen its `updated_at` @param {(other: any) => void} tell
 */
async function changeOf(client, form, rule, seen, tell) {
  const { rule: present } = await client.get(pathOf(rule.id), { custom: true });
  if (present.updated_at !== seen) {
    const { revisions } = await client.get(`${pathOf(rule.id)}/revisions`, { limit: 1 });
    tell({ rule: present, revision: revisions[0] });
    return null;
  }
  return client.patch(pathOf(rule.id), changesOf(form, rule), CUSTOM);
}

/** @param {{other: any, rule: any, onClose: () => void, onLoad: () => void, onSave: () => void}} props */
function Meanwhile({ other, rule, onClose, onLoad, onSave }) {
  const names = Object.keys(other.rule).filter((name) => !ALWAYS.includes(name) && JSON.stringify(other.rule[name]) !== JSON.stringify(rule[name]));
  const then = (/** @type {() => void} */ act) => () => {
    onClose();
    act();
  };
  const actions = html`
    <${Button} onClick=${onClose}>${t("rule.keep_editing")}<//>
    <${Button} onClick=${then(onLoad)}>${t("rule.take_theirs")}<//>
    <${Button} kind="danger" onClick=${then(onSave)}>${t("rule.save_anyway")}<//>
  `;
  return html`
    <${Dialog} title=${t("rule.changed_meanwhile")} onClose=${onClose} actions=${actions}>
      <p>${other.revision && html`${authorOf(other.revision)} · <${Time} at=${other.revision.created_at} exact />`}</p>
      <${Differences} differences=${names.map((field) => ({ field, old: rule[field], new: other.rule[field] }))} />
      <p class="soft">${t("rule.changed_meanwhile_means")}</p>
    <//>
  `;
}
