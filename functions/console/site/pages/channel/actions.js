// What can be done with a channel, by role: operators test and resume, editors change and delete, admins rotate its secret.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { go } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Deletion } from "./deletion.js";
import { Rotation } from "./rotation.js";
import { Trial } from "./trial.js";

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {(role: string) => boolean} props.can
 * @param {any} props.channel
 * @param {any[] | null} props.rules those that use it; null while that is not known
 * @param {(told: any) => Promise<void>} props.onDone
 * @param {() => void} props.onEdit
 */
export function Actions({ client, can, channel, rules, onDone, onEdit }) {
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const close = () => setOpen(null);
  const path = `/notifications/channels/${channel.id}`;
  const isWebhook = channel.channel_type === "webhook";
  const suspended = Boolean(channel.health?.suspended_at);
  const toggled = channel.enabled ? "disable" : "enable";
  return html`
    <${Action} can=${can} onClick=${() => setOpen("test")}>${t("channel.test")}<//>
    <${Action} can=${can} onClick=${() => go("/mutes", { form: "new", channel: channel.id })}>${t("channel.mute")}<//>
    ${suspended && html`<${Action} can=${can} kind="primary" onClick=${() => setOpen("resume")}>${t("channel.resume")}<//>`}
    <${Action} can=${can} needs="editor" onClick=${onEdit}>${t("channel.edit")}<//>
    <${Action} can=${can} needs="editor" onClick=${() => setOpen("toggle")}>${t(`channel.${toggled}`)}<//>
    ${isWebhook && html`<${Action} can=${can} needs="admin" onClick=${() => setOpen("rotate")}>${t("channel.rotate")}<//>`}
    <${Action} can=${can} needs="editor" kind="danger" because=${rules ? null : t("part.loading")} onClick=${() => setOpen("delete")}>${t("channel.delete")}<//>
    ${open === "test" && html`<${Trial} client=${client} channel=${channel} onClose=${close} />`}
    ${open === "resume" &&
    html`<${Confirm}
      title=${t("channel.resume_title", { name: channel.name })}
      body=${t("channel.resume_body")}
      action=${t("channel.resume")}
      command=${shellLine("channel", "resume", channel.id)}
      onConfirm=${async () => {
        await client.post(`${path}/resume`);
        await onDone({ text: t("channel.resumed") });
      }}
      onClose=${close}
    />`}
    ${open === "toggle" &&
    html`<${Confirm}
      title=${t(`channel.${toggled}_title`, { name: channel.name })}
      body=${t(`channel.${toggled}_body`)}
      action=${t(`channel.${toggled}`)}
      command=${shellLine("channel", "update", channel.id, `--${toggled}`)}
      onConfirm=${async () => {
        await client.patch(path, { enabled: !channel.enabled });
        await onDone({ text: t(`channel.was_${toggled}d`) });
      }}
      onClose=${close}
    />`}
    ${open === "rotate" && html`<${Rotation} client=${client} channel=${channel} onDone=${onDone} onClose=${close} />`}
    ${open === "delete" && html`<${Deletion} client=${client} channel=${channel} rules=${rules} onDone=${() => go("/channels")} onClose=${close} />`}
  `;
}
