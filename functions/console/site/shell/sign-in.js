// The sign-in. The secret key's text is in its field only, until a key is made of it.

import { html, useRef, useState } from "../html.js";
import { Button } from "../parts/button.js";
import { Checkbox } from "../parts/checkbox.js";
import { Fault } from "../parts/fault.js";
import { Field } from "../parts/field.js";
import { keyOf } from "../service/signing.js";
import { t, useLanguage } from "../texts/t.js";
import { Language } from "./language.js";
import { Mark } from "./mark.js";

/**
 * @param {object} props
 * @param {(keypair: import("../service/signing.js").Keypair, kept: boolean) => Promise<void>} props.signIn
 * @param {string | null} props.told why one is not signed in any more
 * @param {() => void} [props.signOut] to drop what waits until one is signed in again
 */
export function SignIn({ signIn, told, signOut }) {
  useLanguage();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [accessKey, setAccessKey] = useState("");
  const [kept, setKept] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));

  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const secret = /** @type {HTMLInputElement} */ (form.current?.elements.namedItem("secret-key"));
    setBusy(true);
    setProblem(null);
    try {
      const key = await keyOf(secret.value.trim());
      await signIn({ accessKey: accessKey.trim(), key }, kept);
      secret.value = "";
    } catch (error) {
      secret.value = "";
      setProblem(error);
      setBusy(false);
    }
  };

  return html`
    <${signOut ? "div" : "main"} class="sign-in">
      <form ref=${form} onSubmit=${submit} class="panel stack">
        <div class="row spread">
          <h1 class="row"><${Mark} />${t("signin.title")}</h1>
          <${Language} />
        </div>
        ${told && html`<p role="status">${told}</p>`}
        ${globalThis.isSecureContext || html`<p role="alert" class="fault">${t("signin.insecure")}</p>`}
        <${Field}
          label=${t("signin.access_key")}
          name="access-key"
          value=${accessKey}
          onInput=${setAccessKey}
          required
          mono
          autocomplete="username"
        />
        <${Field}
          label=${t("signin.secret_key")}
          name="secret-key"
          type="password"
          required
          mono
          autocomplete="current-password"
          hint=${t("signin.secret_hint")}
        />
        <${Checkbox} label=${t("signin.remember")} hint=${t("signin.remember_hint")} checked=${kept} onChange=${setKept} />
        <${Fault} problem=${problem} />
        <${Button} type="submit" kind="primary" busy=${busy}>${t("signin.action")}<//>
        ${signOut && html`<${Button} onClick=${signOut}>${t("app.sign_out")}<//>`}
      </form>
    <//>
  `;
}
