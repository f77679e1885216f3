// Who made a change.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { Value } from "./value.js";

/** @param {{by: {access_key: string, name: string | null} | null, action?: string}} change */
export function authorOf({ by, action }) {
  if (!by) return t(action === "found" ? "history.unknown" : "history.service");
  return by.name ? `${by.name} (${by.access_key})` : by.access_key;
}

/**
 * Who made a change, on one line: by name, if the keypair has one.
 * @param {{change: {by: {access_key: string, name: string | null} | null, action?: string}}} props
 */
export function Author({ change }) {
  const short = change.by ? (change.by.name ?? change.by.access_key) : authorOf(change);
  return html`<span class="author" title=${authorOf(change)}><${Value} value=${short} /></span>`;
}
