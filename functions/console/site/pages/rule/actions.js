// What can be done with a stored rule at once: switch it on or off, have it only observe, delete it.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { go } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { updateLine } from "./lines.js";
import { pathOf } from "./saving.js";

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {any} props.rule
 * @param {(role: string) => boolean} props.can
 * @param {boolean} props.changed whether the form has changes that are not saved, which would be mixed with these
 * @param {(rule: any) => void} props.onChanged
 */
export function Actions({ client, rule, can, changed, onChanged }) {
  const [asked, setAsked] = useState(/** @type {"enabled" | "observe" | "delete" | null} */ (null));
  const close = () => setAsked(null);
  const change = async (/** @type {Record<string, boolean>} */ changes) => {
    const { rule: made } = await client.patch(pathOf(rule.id), changes, { params: { custom: true } });
    onChanged(made);
  };
  const remove = async () => {
    await client.delete(pathOf(rule.id), { custom: true });
    go("/rules");
  };
  const because = changed ? t("rule.save_first") : null;
  const names = { enabled: rule.enabled ? "disable" : "enable", observe: rule.observe ? "send" : "observe" };
  return html`
    <${Action} can=${can} needs="editor" because=${because} onClick=${() => setAsked("enabled")}>${t(`rule.${names.enabled}`)}<//>
    <${Action} can=${can} needs="editor" because=${because} onClick=${() => setAsked("observe")}>${t(`rule.${names.observe}`)}<//>
    <${Action} can=${can} needs="editor" because=${because} kind="danger" onClick=${() => setAsked("delete")}>${t("rule.delete")}<//>
    ${(asked === "enabled" || asked === "observe") && html`
      <${Confirm}
        title=${t(`rule.${names[asked]}_title`, { name: rule.name })}
        body=${t(`rule.${names[asked]}_body`)}
        action=${t(`rule.${names[asked]}`)}
        command=${updateLine(rule.id, { [asked]: !rule[asked] })}
        onConfirm=${() => change({ [asked]: !rule[asked] })}
        onClose=${close}
      />
    `}
    ${asked === "delete" && html`
      <${Confirm}
        title=${t("rule.delete_title", { name: rule.name })}
        body=${t("rule.delete_body")}
        action=${t("rule.delete")}
        command=${shellLine("rule", "delete", rule.id, "--yes")}
        onConfirm=${remove}
        onClose=${close}
        danger
      />
    `}
  `;
}
