// Asks before a page with unsaved changes is left: by a link, by "back", by signing out, or by closing the tab.

import { html, useEffect, useRef, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { SIGNING_OUT, useSession } from "../../shell/session.js";
import { t } from "../../texts/t.js";

/** @param {string} hash */
const pathIn = (hash) => hash.split("?")[0];

/** @param {{changed: boolean}} props */
export function Leaving({ changed }) {
  const { signOut } = useSession();
  const [wanted, setWanted] = useState(/** @type {string | null} */ (null)); // a hash, or SIGNING_OUT
  const isFree = useRef(false);
  useEffect(() => {
    if (!changed) return undefined;
    const here = location.hash;
    const closing = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
    // It comes before "hashchange", at which the frame would show the other page: that then finds the hash of this one.
    const going = () => {
      if (isFree.current || pathIn(location.hash) === pathIn(here)) return;
      setWanted(location.hash);
      history.pushState(null, "", here);
    };
    const signingOut = (/** @type {Event} */ event) => {
      event.preventDefault();
      setWanted(SIGNING_OUT);
    };
    addEventListener("beforeunload", closing);
    addEventListener("popstate", going);
    addEventListener(SIGNING_OUT, signingOut);
    return () => {
      removeEventListener(SIGNING_OUT, signingOut);
      removeEventListener("beforeunload", closing);
      removeEventListener("popstate", going);
    };
  }, [changed]);
  if (wanted === null) return null;
  const leave = () => {
    isFree.current = true;
    if (wanted === SIGNING_OUT) signOut();
    else location.hash = wanted;
  };
  const stay = () => setWanted(null);
  const actions = html`<${Button} onClick=${stay}>${t("rule.stay")}<//><${Button} kind="danger" onClick=${leave}>${t("rule.leave")}<//>`;
  return html`<${Dialog} title=${t("rule.leave_title")} onClose=${stay} actions=${actions}><p>${t("rule.leave_body")}</p><//>`;
}
