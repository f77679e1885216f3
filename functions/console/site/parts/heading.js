// The title of a page, also in the browser's tab, and what can be done there.

import { html, useEffect } from "../html.js";
import { t } from "../texts/t.js";
import { visible } from "./visible.js";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {any} [props.lead] a line below it
 * @param {any} [props.children] buttons, on the other side
 */
export function Heading({ title, lead, children }) {
  useEffect(() => {
    document.title = `${visible(title)} · ${t("app.title")}`;
  }, [title]);
  return html`
    <header class="heading">
      <div>
        <h1>${title}</h1>
        ${lead && html`<p class="lead">${lead}</p>`}
      </div>
      ${children && html`<div class="row">${children}</div>`}
    </header>
  `;
}
