// Dispatches an event again: each rule that has no delivery of it yet gets one.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { t } from "../../texts/t.js";
import { DIGEST } from "./steps.js";

/** @param {{client: import("../../service/client.js").Client, can: (role: string) => boolean, event: any, onDone: () => unknown}} props */
export function Dispatch({ client, can, event, onDone }) {
  const [open, setOpen] = useState(false);
  const dispatch = async () => {
    await client.post(`/notifications/events/${encodeURIComponent(event.id)}/dispatch`);
    await onDone();
  };
  return html`
    <${Action} can=${can} because=${because(event)} onClick=${() => setOpen(true)}>${t("event.dispatch")}<//>
    ${open && html`
      <${Confirm}
        title=${t("event.dispatch_title")}
        body=${html`<p>${t("event.dispatch_body")}</p>`}
        command=${shellLine("event", "dispatch", event.id)}
        action=${t("event.dispatch")}
        onConfirm=${dispatch}
        onClose=${() => setOpen(false)}
      />
    `}
  `;
}

/** @param {any} event */
function because({ status, rule_type }) {
  if (rule_type === DIGEST) return t("event.dispatch_digest");
  return status === "dispatching" ? t("event.dispatch_now") : null;
}
