// Names and values, like those of one thing's page.

import { html } from "../html.js";

/**
 * @param {object} props
 * @param {{name: string, value: any}[]} props.facts those without a value (null, undefined, "") are left out
 */
export function Facts({ facts }) {
  const told = facts.filter(({ value }) => value !== null && value !== undefined && value !== "");
  return html`<dl class="facts">${told.map(({ name, value }) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
