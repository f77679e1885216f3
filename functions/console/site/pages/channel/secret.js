// The new signing secret. It is shown once: whoever leaves or hides it cannot see it again.

import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Live } from "../../parts/live.js";
import { Panel } from "../../parts/panel.js";
import { Time } from "../../parts/time.js";
import { t } from "../../texts/t.js";

/** @param {{secret: string, preset?: string | null, until?: string | null}} props `until`: how long the former one is valid */
export function NewSecret({ secret, preset = null, until }) {
  const [shown, setShown] = useState(/** @type {string | null} */ (secret));
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(shown ?? "");
    setCopied(true);
  };
  return html`
    <${Panel} title=${t("channel.secret_title")}>
      <div role="status" class="stack">
        ${until !== undefined &&
        html`<p>${until === null ? t("channel.secret_old_over") : html`${t("channel.secret_old_until")} <${Time} at=${until} exact />`}</p>`}
        ${shown ? html`<p>${t(preset ? "channel.secret_preset" : "channel.secret_once")}</p>` : html`<p>${t("channel.secret_hidden")}</p>`}
      </div>
      ${shown &&
      html`
        <div class="command">
          <code tabindex="0" role="group" aria-label=${t("channel.secret_title")}>${shown}</code>
          <${Button} kind="plain" onClick=${copy}>${t(copied ? "part.copied" : "part.copy")}<//>
          <${Button} kind="plain" onClick=${() => setShown(null)}>${t("channel.secret_hide")}<//>
        </div>
        <${Live}>${copied && t("part.copied")}<//>
      `}
    <//>
  `;
}
