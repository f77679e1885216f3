// Covers the page while nobody is signed in: it stays as it is, but cannot be seen, read or used.

import { html, useEffect, useRef } from "../html.js";
import { t } from "../texts/t.js";

/** @param {{children: any}} props */
export function Cover({ children }) {
  const cover = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const show = () => cover.current?.showModal();
  useEffect(() => {
    const before = document.activeElement;
    show();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const stay = (/** @type {Event} */ event) => event.preventDefault();
  return html`<dialog ref=${cover} class="cover" aria-label=${t("signin.action")} onCancel=${stay} onClose=${show}>${children}</dialog>`;
}
