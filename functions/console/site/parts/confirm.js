// Asks before something is done, shows the command that does the same, does it, and tells what went wrong.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { Command } from "./command.js";
import { Dialog } from "./dialog.js";
import { Fault } from "./fault.js";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {any} props.body
 * @param {string} props.command the line that does the same; see `Command`
 * @param {string} props.action what the button says
 * @param {() => Promise<unknown>} props.onConfirm what is done; the dialog is closed when it succeeds
 * @param {() => void} props.onClose
 * @param {boolean} [props.danger] it cannot be undone
 */
export function Confirm({ title, body, command, action, onConfirm, onClose, danger = false }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const act = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const actions = html`
    <${Button} onClick=${onClose}>${t("part.cancel")}<//>
    <${Button} kind=${danger ? "danger" : "primary"} busy=${busy} onClick=${act}>${action}<//>
  `;
  return html`
    <${Dialog} title=${title} onClose=${onClose} actions=${actions}>
      <div>${body}</div>
      <${Fault} problem=${problem} />
      <${Command} line=${command} />
    <//>
  `;
}
