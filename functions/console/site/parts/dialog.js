// A dialog before everything else. Escape closes it, and the focus returns to where it was.

import { html, useEffect, useId, useRef } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {() => void} props.onClose
 * @param {any} props.children
 * @param {any} [props.actions] buttons
 */
export function Dialog({ title, onClose, children, actions }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancelled = (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
  };
  // Of two requests to close it in a row a browser obeys the second by itself.
  const closed = () => {
    dialog.current?.showModal();
    onClose();
  };
  return html`
    <dialog ref=${dialog} class="dialog" aria-labelledby=${id} onCancel=${cancelled} onClose=${closed}>
      <div class="row spread">
        <h2 id=${id}>${title}</h2>
        <${Button} kind="plain" label=${t("part.close")} onClick=${onClose}>✕<//>
      </div>
      <div class="stack">${children}</div>
      ${actions && html`<div class="row end">${actions}</div>`}
    </dialog>
  `;
}
