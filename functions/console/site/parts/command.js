// The line of the command line that does the same, to copy.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { Live } from "./live.js";

/**
 * @param {object} props
 * @param {string} props.line without ./backend.ai notification, as `shellLine` makes it
 */
export function Command({ line }) {
  const [copied, setCopied] = useState(false);
  const whole = `./backend.ai notification ${line}`;
  const copy = async () => {
    await navigator.clipboard.writeText(whole);
    setCopied(true);
  };
  return html`
    <div class="command">
      <code tabindex="0" role="group" aria-label=${t("part.command")}>${whole}</code>
      <${Button} kind="plain" onClick=${copy}>${copied ? t("part.copied") : t("part.copy")}<//>
      <${Live}>${copied && t("part.copied")}<//>
    </div>
  `;
}

/**
 * Write arguments for a shell; null, undefined and false are left out.
 * @param {...(string | number | null | undefined | false)} words
 */
export function shellLine(...words) {
  return words
    .filter((word) => word !== null && word !== undefined && word !== false)
    .map(String)
    .map((word) => (/^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
