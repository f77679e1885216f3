// Asks before unsaved input is left: by a link, by "back", by signing out, or by closing the tab. If the keypair is no
// longer accepted, it has the input wait behind the sign-in.

import { html, useEffect, useRef, useState } from "../html.js";
import { LOCKING, SIGNING_OUT, useSession } from "../shell/session.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";

/**
 * Return what a form is at: another path leaves it, and so does a URL that opens another form or none. Filters do not.
 * @param {string} hash
 */
function placeOf(hash) {
  const [path, query] = hash.split("?");
  return `${path} ${new URLSearchParams(query).get("form") ?? ""}`;
}

/**
 * @param {boolean} changed whether there is input that is not saved
 * @returns {{question: any, release: () => void}} `question`: to be shown; call `release` before the form is left on purpose
 */
export function useUnsaved(changed) {
  const { signOut } = useSession();
  const [wanted, setWanted] = useState(/** @type {string | null} */ (null)); // a hash, or SIGNING_OUT
  const isFree = useRef(false);
  useEffect(() => {
    if (!changed) return undefined;
    let here = location.hash;
    const isHere = () => placeOf(location.hash) === placeOf(here);
    // It comes before "hashchange", at which the frame would show the other page: that then finds the hash of this one.
    const going = () => {
      if (isFree.current || isHere()) return;
      setWanted(location.hash);
      history.pushState(null, "", here);
    };
    const moved = () => {
      if (isHere()) here = location.hash; // with the filters of now
    };
    const signingOut = (/** @type {Event} */ event) => {
      event.preventDefault();
      setWanted(SIGNING_OUT);
    };
    const stopping = (/** @type {Event} */ event) => event.preventDefault();
    const listeners = /** @type {[string, (event: any) => void][]} */ ([
      ["beforeunload", stopping],
      ["popstate", going],
      ["hashchange", moved],
      [SIGNING_OUT, signingOut],
      [LOCKING, stopping],
    ]);
    for (const [name, listener] of listeners) addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) removeEventListener(name, listener);
    };
  }, [changed]);
  const release = () => {
    isFree.current = true;
  };
  const leave = () => {
    release();
    if (wanted === SIGNING_OUT) signOut();
    else location.hash = wanted ?? "";
  };
  return { question: wanted === null ? null : html`<${Question} onStay=${() => setWanted(null)} onLeave=${leave} />`, release };
}

/** @param {{onStay: () => void, onLeave: () => void}} props */
function Question({ onStay, onLeave }) {
  const actions = html`<${Button} onClick=${onStay}>${t("unsaved.stay")}<//><${Button} kind="danger" onClick=${onLeave}>${t("unsaved.leave")}<//>`;
  return html`<${Dialog} title=${t("unsaved.title")} onClose=${onStay} actions=${actions}><p>${t("unsaved.body")}</p><//>`;
}
