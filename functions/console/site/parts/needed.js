// Stands in place of a form that who signed in may not send, so that nobody fills it in for nothing.

import { html } from "../html.js";
import { t } from "../texts/t.js";

/** @param {{role: string}} props */
export function Needed({ role }) {
  return html`<p>${t("part.needs_role", { role: t(`role.${role}`) })}</p>`;
}
