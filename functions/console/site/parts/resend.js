// Sends a delivery again, as it was or rendered anew, after a question.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { Action } from "./action.js";
import { shellLine } from "./command.js";
import { Confirm } from "./confirm.js";
import { Select } from "./select.js";

/**
 * @param {object} props
 * @param {import("../service/client.js").Client} props.client
 * @param {(role: string) => boolean} props.can
 * @param {string} props.id of the delivery
 * @param {() => unknown} props.onDone
 */
export function Resend({ client, can, id, onDone }) {
  const [open, setOpen] = useState(false);
  const [message, setMessage] = useState("recorded");
  const send = async () => {
    await client.post(`/notifications/deliveries/${encodeURIComponent(id)}/retry`, { message });
    await onDone();
  };
  return html`
    <${Action} can=${can} onClick=${() => setOpen(true)}>${t("part.resend")}<//>
    ${open && html`
      <${Confirm}
        title=${t("part.resend_title")}
        body=${html`<p>${t("part.resend_body")}</p><${MessageChoice} message=${message} onChange=${setMessage} />`}
        command=${shellLine("delivery", "retry", id, message === "rendered" && "--render")}
        action=${t("part.resend")}
        onConfirm=${send}
        onClose=${() => setOpen(false)}
      />
    `}
  `;
}

/** @param {{message: string, onChange: (message: string) => void}} props */
export function MessageChoice({ message, onChange }) {
  const options = ["recorded", "rendered"].map((value) => ({ value, label: t(`part.message_${value}`) }));
  return html`<${Select} label=${t("part.message")} value=${message} options=${options} onChange=${onChange} />`;
}
