// Why something has its status, in the service's words; the delivery or digest that it names is a link.

import { html } from "../html.js";
import { link } from "../shell/router.js";
import { Value } from "./value.js";

const NAMED = [
  { start: /^(repeat of )([\w-]+)(.*)$/s, to: "/deliveries/" },
  { start: /^(in )([\w-]+)(.*)$/s, to: "/events/" },
];

const CHARS = 600;

/** @param {{reason: string | null | undefined, most?: number}} props nothing is shown of null; most: how many characters */
export function Reason({ reason, most = CHARS }) {
  if (!reason) return null;
  for (const { start, to } of NAMED) {
    const found = start.exec(reason);
    if (found) {
      const [, before, id, after] = found;
      return html`<span lang="en">${before}<a href=${link(to + id)}>${id}</a><${Value} value=${after} /></span>`;
    }
  }
  return html`<span lang="en"><${Value} value=${reason} most=${most} /></span>`;
}
