// A part of a page with a title.

import { html, useId } from "../html.js";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {any} props.children
 * @param {any} [props.actions] beside the title
 */
export function Panel({ title, children, actions }) {
  const id = useId();
  return html`
    <section class="panel" aria-labelledby=${id}>
      <div class="row spread">
        <h2 id=${id}>${title}</h2>
        ${actions && html`<div class="row">${actions}</div>`}
      </div>
      ${children}
    </section>
  `;
}
