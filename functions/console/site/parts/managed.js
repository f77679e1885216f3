// Says that a set of configuration, applied from a file, manages a thing.

import { html } from "../html.js";
import { t } from "../texts/t.js";

/** @param {{managed: {set: string, key: string} | null | undefined}} props nothing is shown of null */
export function Managed({ managed }) {
  if (!managed) return null;
  return html`<p class="warning">${t("part.managed", managed)}</p>`;
}
