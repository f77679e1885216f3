// The switch between languages.

import { html, useId } from "../html.js";
import { LANGUAGES, language, setLanguage, t } from "../texts/t.js";

export function Language() {
  const id = useId();
  return html`
    <label class="visually-hidden" for=${id}>${t("app.language")}</label>
    <select id=${id} class="language" value=${language()} onChange=${(/** @type {any} */ event) => setLanguage(event.currentTarget.value)}>
      ${Object.entries(LANGUAGES).map(([code, { name }]) => html`<option value=${code} lang=${code}>${name}</option>`)}
    </select>
  `;
}
