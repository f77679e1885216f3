// What narrows the list; it stands in the URL.

import { html } from "../../html.js";
import { Field } from "../../parts/field.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";
import { STATES } from "./search.js";

/**
 * @param {object} props
 * @param {import("../../shell/router.js").RouteParams} props.params
 * @param {typeof import("../../shell/router.js").setParams} props.setParams
 * @param {{types: any[], channels: any[]} | null} props.known
 */
export function Filters({ params, setParams, known }) {
  const any = { value: "", label: t("rules.any") };
  const types = (known?.types ?? []).map(({ name }) => ({ value: name, label: name }));
  const channels = (known?.channels ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const states = STATES.map((value) => ({ value, label: t(`status.${value}`) }));
  return html`
    <div class="filters" role="search" aria-label=${t("rules.filters")}>
      <${Field} label=${t("rules.name")} type="search" value=${params["name"] ?? ""} onInput=${(/** @type {string} */ name) => setParams({ name })} />
      <${Select} label=${t("rules.type")} value=${params["type"] ?? ""} options=${[any, ...chosen(types, params["type"])]} onChange=${(/** @type {string} */ type) => setParams({ type })} />
      <${Select} label=${t("rules.channel")} value=${params["channel"] ?? ""} options=${[any, ...chosen(channels, params["channel"])]} onChange=${(/** @type {string} */ channel) => setParams({ channel })} />
      <${Select} label=${t("rules.state")} value=${params["state"] ?? ""} options=${[any, ...states]} onChange=${(/** @type {string} */ state) => setParams({ state })} />
    </div>
  `;
}

/**
 * Offer what is chosen even where it is not known, or not yet.
 * @param {{value: string, label: string}[]} options @param {string | undefined} value
 */
function chosen(options, value) {
  return !value || options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}
