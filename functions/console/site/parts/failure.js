// Which kind of failure it was: in words, and by the service's name, which filters and documents have.

import { html } from "../html.js";
import { t } from "../texts/t.js";

/** @param {{kind: string}} props the service's `error_class` */
export function Failure({ kind }) {
  return html`${t(`failure.${kind}`)} <code>${kind}</code>`;
}
