// Stands where something will be. It shows only after a moment, so that what is quick does not flicker.

import { html } from "../html.js";
import { t } from "../texts/t.js";

export function Loading() {
  return html`<p class="loading" role="status">${t("part.loading")}</p>`;
}
