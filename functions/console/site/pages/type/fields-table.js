// The fields of an event type as a table.

import { html } from "../../html.js";
import { Table } from "../../parts/table.js";
import { Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { t } from "../../texts/t.js";
import { fields } from "./schema.js";

/** How many characters of a description are shown. */
const MOST = 1_000;

/** @param {{schema: Record<string, any>}} props */
export function FieldsTable({ schema }) {
  return html`<${Table}
    caption=${t("type.fields")}
    rows=${fields(schema)}
    rowKey=${(/** @type {any} */ field) => field.path}
    empty=${t("type.no_fields")}
    columns=${[
      { name: "path", title: t("type.field"), mono: true, render: pathOf },
      { name: "type", title: t("type.type"), render: typeOf },
      { name: "required", title: t("type.required"), render: (/** @type {any} */ field) => t(field.required ? "type.always" : "type.optional") },
      { name: "description", title: t("type.description"), wide: true, render: described },
    ]}
  />`;
}

/** @param {import("./schema.js").Field} field */
function pathOf({ path, required }) {
  const end = path.lastIndexOf(".") + 1;
  return html`<span class="soft">${visible(path.slice(0, end))}</span>${required ? html`<strong>${visible(path.slice(end))}</strong>` : visible(path.slice(end))}`;
}

/** @param {import("./schema.js").Field} field */
function typeOf({ type, nullable }) {
  return nullable ? html`${type} <span class="soft">${t("type.or_null")}</span>` : type;
}

/** @param {import("./schema.js").Field} field */
function described({ description, values, bounds }) {
  return html`
    ${description && html`<div><${Value} value=${description} most=${MOST} /></div>`}
    ${values.length > 0 && html`<div class="soft">${t("type.one_of")} <code><${Value} value=${values.join(" ")} /></code></div>`}
    ${bounds.length > 0 && html`<div class="soft"><code><${Value} value=${bounds.join(", ")} /></code></div>`}
  `;
}
