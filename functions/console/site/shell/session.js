// Who is signed in. Without a keypair it shows the sign-in in place of everything else.

import { createContext, html, useCallback, useContext, useEffect, useMemo, useState } from "../html.js";
import { createClient } from "../service/client.js";
import { createClock } from "../service/clock.js";
import { forget, recall, remember } from "../service/keystore.js";
import { t } from "../texts/t.js";
import { SignIn } from "./sign-in.js";

/** The event before somebody signs out; a page with unsaved changes can prevent it. */
export const SIGNING_OUT = "signingout";

const ROLES = ["viewer", "operator", "editor", "admin"];

/**
 * @typedef {object} SessionValue
 * @property {import("../service/client.js").Client} client
 * @property {{access_key: string, name: string | null, role: string, service_version: string, expires_at: string | null}} who
 * @property {string} role
 * @property {(role: string) => boolean} can
 * @property {() => void} signOut
 */

const Context = createContext(/** @type {SessionValue | null} */ (null));

/** @returns {SessionValue} */
export function useSession() {
  return /** @type {SessionValue} */ (useContext(Context));
}

/** Where the API is: at what stands before /console in the page's URL. */
function base() {
  return location.pathname.replace(/\/console\/?$/, "");
}

/** @param {{children: any}} props */
export function Session({ children }) {
  const [value, setValue] = useState(/** @type {SessionValue | null} */ (null));
  const [asked, setAsked] = useState(false);
  const [told, setTold] = useState(/** @type {string | null} */ (null));
  const clock = useMemo(() => createClock(), []);
  const others = useMemo(() => new BroadcastChannel("signed out"), []); // this console in other tabs

  const signOut = useCallback(async (/** @type {string | null} */ why = null) => {
    setValue(null);
    setTold(why);
    others.postMessage(base());
    await forget(base());
  }, []);

  useEffect(() => {
    const signedOutThere = (/** @type {MessageEvent<string>} */ { data }) => {
      if (data === base()) setValue(null);
    };
    others.addEventListener("message", signedOutThere);
    return () => others.removeEventListener("message", signedOutThere);
  }, [others]);

  const signIn = useCallback(
    async (/** @type {import("../service/signing.js").Keypair} */ keypair, /** @type {boolean} */ kept) => {
      const onRefused = () => signOut(t("signin.refused"));
      const client = createClient({ base: base(), keypair, clock, onRefused });
      const who = await client.get("/notifications/whoami");
      if (kept) await remember(base(), keypair);
      const can = (/** @type {string} */ role) => ROLES.indexOf(who.role) >= ROLES.indexOf(role);
      setTold(null);
      setValue({ client, who, role: who.role, can, signOut: () => signOut() });
    },
    [],
  );

  useEffect(() => {
    recall(base())
      .then((keypair) => keypair && signIn(keypair, false))
      .catch(() => {}) // the sign-in is shown, and tells what is wrong when it is tried
      .finally(() => setAsked(true));
  }, []);

  if (value) return html`<${Context.Provider} value=${value}>${children}<//>`;
  return asked ? html`<${SignIn} signIn=${signIn} told=${told} />` : null;
}
