// A table. Where it is narrow each row becomes a card, in which the columns' titles stand before the values.

import { html } from "../html.js";
import { Value } from "./value.js";

/**
 * @typedef {object} Column
 * @property {string} name of the member of a row that is shown as a value, if there is no `render`
 * @property {string} title
 * @property {(row: any) => any} [render]
 * @property {boolean} [numeric] to the right, with figures of equal width
 * @property {boolean} [mono]
 * @property {boolean} [wide] takes what width the others leave
 */

/**
 * @param {object} props
 * @param {string} props.caption what is in it, for those who do not see it
 * @param {Column[]} props.columns
 * @param {any[]} props.rows
 * @param {(row: any) => string} props.rowKey
 * @param {any} props.empty what is told when there are no rows
 */
export function Table({ caption, columns, rows, rowKey, empty }) {
  if (!rows.length) return html`<p class="empty">${empty}</p>`;
  return html`
    <table class="table" role="table">
      <caption class="visually-hidden">${caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<th role="columnheader" scope="col" class=${classOf(column)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) => html`
            <tr role="row" key=${rowKey(row)}>
              ${columns.map(
                (column) => html`
                  <td role="cell" class=${classOf(column)} data-title=${column.title}>
                    <div>${column.render ? column.render(row) : html`<${Value} value=${row[column.name]} />`}</div>
                  </td>
                `,
              )}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** @param {Column} column */
function classOf({ numeric, mono, wide }) {
  return [numeric && "numeric", mono && "mono", wide && "wide"].filter(Boolean).join(" ") || undefined;
}
