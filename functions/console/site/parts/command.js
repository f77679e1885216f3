// The line of the command line that does the same, to copy.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { Live } from "./live.js";
import { CONTROLS_BUT_LINES } from "./visible.js";

/**
 * @param {object} props
 * @param {string} props.line without ./backend.ai notification, as `shellLine` makes it
 */
export function Command({ line }) {
  const [taken, setTaken] = useState("");
  const whole = `./backend.ai notification ${line}`;
  const copied = taken === whole; // a line that has changed since is not the one that was copied
  const copy = async () => {
    await navigator.clipboard.writeText(whole);
    setTaken(whole);
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
    .map((word) => quoted(String(word)))
    .join(" ");
}

/** @param {string} word */
function quoted(word) {
  if (/^[\w.,:/@%+=-]+$/.test(word)) return word;
  if (word.search(CONTROLS_BUT_LINES) < 0) return `'${word.replaceAll("'", `'\\''`)}'`;
  // What is copied must be what is seen, so a character that would move the cursor is made by the shell, of its bytes.
  return `$'${word.replace(/[\\']/g, "\\$&").replace(CONTROLS_BUT_LINES, bytesOf)}'`;
}

/** @param {string} character */
function bytesOf(character) {
  return Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/**
 * Write JSON for a command, on one line and with nothing that would move the cursor.
 * @param {unknown} value
 */
export function jsonWord(value) {
  return JSON.stringify(value).replace(CONTROLS_BUT_LINES, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
