// Stands for the page when a remembered keypair could not be tried, because the service or the network is down.

import { html, useState } from "../html.js";
import { Button } from "../parts/button.js";
import { Fault } from "../parts/fault.js";
import { t, useLanguage } from "../texts/t.js";
import { Mark } from "./mark.js";

/**
 * @param {object} props
 * @param {any} props.problem
 * @param {() => Promise<void>} props.retry
 * @param {() => void} props.signOut
 */
export function Resuming({ problem, retry, signOut }) {
  useLanguage();
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    await retry();
    setBusy(false);
  };
  return html`
    <main class="sign-in">
      <div class="panel stack">
        <h1 class="row"><${Mark} />${t("signin.title")}</h1>
        <${Fault} problem=${problem} />
        <div class="row">
          <${Button} kind="primary" busy=${busy} onClick=${again}>${t("fault.retry")}<//>
          <${Button} onClick=${signOut}>${t("app.sign_out")}<//>
        </div>
      </div>
    </main>
  `;
}
