// Sends a test message for real, and tells what the receiver made of it.

import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Dialog } from "../../parts/dialog.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { t } from "../../texts/t.js";
import { labelOf } from "./presets.js";

/** What is sent to a receiver of JSON unless somebody writes something else. */
const JSON_EXAMPLE = '{"text": "Test message of Backend.AI"}';

/** @param {{client: import("../../service/client.js").Client, channel: any, onClose: () => void}} props */
export function Trial({ client, channel, onClose }) {
  const service = channel.channel_type === "email" ? t("channel.types.email") : labelOf(channel.spec.preset);
  const [message, setMessage] = useState(() => exampleOf(channel));
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const isSample = service !== null && !message.trim();
  const send = async () => {
    setBusy(true);
    setTaken(false);
    setProblem(null);
    try {
      await client.post(`/notifications/channels/${channel.id}/validate`, isSample ? {} : { test_message: message });
      setTaken(true);
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const line = shellLine("channel", "validate", channel.id, ...(isSample ? [] : ["--data", message]));
  const actions = html`
    <${Button} onClick=${onClose}>${t("part.close")}<//>
    <${Button} kind="primary" busy=${busy} onClick=${send}>${t("channel.test_send")}<//>
  `;
  return html`
    <${Dialog} title=${t("channel.test_title", { name: channel.name })} onClose=${onClose} actions=${actions}>
      <p>${service === null ? t("channel.test_body") : t("channel.test_sample", { service })}</p>
      <${Field}
        label=${t("channel.test_message")}
        hint=${service !== null && t("channel.test_message_hint")}
        value=${message}
        onInput=${setMessage}
        rows=${4}
        mono
      />
      <p role="status" class=${taken ? "good" : ""}>${taken && t("channel.test_taken")}</p>
      <${Fault} problem=${problem} />
      <${Command} line=${line} />
    <//>
  `;
}

/** @param {any} channel */
function exampleOf({ channel_type, spec }) {
  if (channel_type === "email" || spec.preset) return "";
  return spec.content_type.includes("json") ? JSON_EXAMPLE : t("channel.test_text");
}
