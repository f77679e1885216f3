// Who is signed in. Without a keypair it shows the sign-in in place of everything else.

import { createContext, html, useCallback, useContext, useEffect, useMemo, useRef, useState } from "../html.js";
import { createClient, WHOAMI } from "../service/client.js";
import { clock } from "../service/clock.js";
import { forget, recall, remember } from "../service/keystore.js";
import { t } from "../texts/t.js";
import { Cover } from "./cover.js";
import { Resuming } from "./resuming.js";
import { SignIn } from "./sign-in.js";

/** The event before somebody signs out; a page with unsaved changes can prevent it. */
export const SIGNING_OUT = "signingout";
/** The event before a page goes because its keypair is refused; one with unsaved changes can have it stay, covered. */
export const LOCKING = "locking";

const REFUSED = 401;
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

/** The keypair that is remembered, if there is one; a browser that keeps nothing has none. */
function kept() {
  return recall(base()).catch(() => undefined);
}

/** @param {{children: any}} props */
export function Session({ children }) {
  const [value, setValue] = useState(/** @type {SessionValue | null} */ (null));
  const [asked, setAsked] = useState(false);
  const [told, setTold] = useState(/** @type {string | null} */ (null));
  const others = useMemo(() => new BroadcastChannel("signed out"), []); // this console in other tabs

  const [locked, setLocked] = useState(false);
  const current = useRef(/** @type {import("../service/client.js").Client | null} */ (null));
  const [lost, setLost] = useState(/** @type {any} */ (null)); // why the remembered keypair could not be tried

  const leave = () => {
    current.current = null;
    setValue(null);
    setLocked(false);
  };

  const signOut = useCallback(async () => {
    leave();
    setLost(null);
    setTold(null);
    others.postMessage(base());
    await forget(base());
  }, []);

  // Other tabs may have signed in with another keypair, and have remembered that.
  const refuse = useCallback(async (/** @type {string} */ accessKey) => {
    const isKept = !dispatchEvent(new Event(LOCKING, { cancelable: true }));
    if (!isKept) leave();
    setLocked(isKept);
    setTold(t("signin.refused"));
    if ((await kept())?.accessKey === accessKey) await forget(base());
  }, []);

  useEffect(() => {
    const signedOutThere = (/** @type {MessageEvent<string>} */ { data }) => {
      if (data !== base()) return;
      leave();
      setLost(null);
    };
    others.addEventListener("message", signedOutThere);
    return () => others.removeEventListener("message", signedOutThere);
  }, [others]);

  const signIn = useCallback(
    async (/** @type {import("../service/signing.js").Keypair} */ keypair, /** @type {boolean} */ isKept) => {
      /** @type {import("../service/client.js").Client} */
      const client = createClient({
        ...{ base: base(), keypair, clock },
        onRefused: () => current.current === client && refuse(keypair.accessKey),
      });
      const who = await client.get(WHOAMI);
      current.current = client;
      if (isKept) await remember(base(), keypair);
      const can = (/** @type {string} */ role) => ROLES.indexOf(who.role) >= ROLES.indexOf(role);
      setTold(null);
      setLocked(false);
      setValue({ client, who, role: who.role, can, signOut });
    },
    [],
  );

  const resume = useCallback(async () => {
    const keypair = await kept();
    if (!keypair) return;
    try {
      await signIn(keypair, false);
      setLost(null);
    } catch (problem) {
      const isRefused = /** @type {any} */ (problem).status === REFUSED;
      setLost(isRefused ? null : problem);
      if (isRefused) await refuse(keypair.accessKey);
    }
  }, []);

  useEffect(() => {
    resume().finally(() => setAsked(true));
  }, []);

  if (value) {
    return html`
      <${Context.Provider} value=${value}>${children}<//>
      ${locked && html`<${Cover}><${SignIn} signIn=${signIn} told=${`${told} ${t("signin.kept")}`} signOut=${signOut} /><//>`}
    `;
  }
  if (lost) return html`<${Resuming} problem=${lost} retry=${resume} signOut=${signOut} />`;
  return asked ? html`<${SignIn} signIn=${signIn} told=${told} />` : null;
}
