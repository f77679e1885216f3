// What else the service says of an event; the events that a digest has are links.

import { html } from "../../html.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";

const MEMBERS = /^(A digest of [^:]*: )([\w-]+(?:, [\w-]+)*)( and \d+ more)?$/;

/** @param {{note: string}} props */
export function Note({ note }) {
  const found = MEMBERS.exec(note);
  if (!found) return html`<p class="note" lang="en"><${Value} value=${note} most=${2_000} /></p>`;
  const [, before, ids, more = ""] = found;
  return html`
    <p class="members" lang="en">
      <${Value} value=${before} /> ${ids.split(", ").map((id) => html`<a key=${id} class="mono" href=${link(`/events/${id}`)}>${id}</a> `)} ${more}
    </p>
  `;
}
