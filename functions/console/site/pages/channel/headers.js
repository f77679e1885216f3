// The headers of a webhook's requests, each with a field for its name and one for its value.

import { html } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { t } from "../../texts/t.js";
import { isCredential } from "./line.js";

/** @typedef {import("./draft.js").Header} Header */

/** @param {{headers: Header[], onChange: (headers: Header[]) => void, problem: string | null}} props */
export function Headers({ headers, onChange, problem }) {
  const change = (/** @type {number} */ number, /** @type {Partial<Header>} */ changed) =>
    onChange(headers.map((header, index) => (index === number ? { ...header, ...changed } : header)));
  return html`
    <fieldset class="plain-set">
      <legend>${t("channel.headers")}</legend>
      ${headers.map(
        (header, number) => html`
          <div class="header-fields" key=${number}>
            <${Field}
              label=${t("channel.header_name", { number: number + 1 })}
              value=${header.name}
              onInput=${(/** @type {string} */ name) => change(number, { name, kept: false })}
              mono
            />
            <${Field}
              label=${t("channel.header_value", { number: number + 1 })}
              type=${isCredential(header.name) ? "password" : "text"}
              value=${header.value}
              onInput=${(/** @type {string} */ value) => change(number, { value })}
              placeholder=${header.kept ? t("channel.kept") : ""}
              mono
            />
            <${Button}
              label=${t("channel.header_remove", { name: header.name || number + 1 })}
              onClick=${() => onChange(headers.filter((_, index) => index !== number))}
            >${t("channel.remove")}<//>
          </div>
        `,
      )}
      ${problem && html`<p class="wrong">${problem}</p>`}
      <div><${Button} onClick=${() => onChange([...headers, { name: "", value: "", kept: false }])}>${t("channel.header_add")}<//></div>
    </fieldset>
  `;
}
