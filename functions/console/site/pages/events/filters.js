// The filters of the list. They are in the URL, so they are changed there; a clause only when it is none that is wrong.

import { html } from "../../html.js";
import { useLoaded } from "../../parts/loaded.js";
import { Period } from "../../parts/period.js";
import { Select } from "../../parts/select.js";
import { wordOf } from "../../parts/status.js";
import { t } from "../../texts/t.js";
import { Clauses } from "./clause-list.js";
import { STATUSES } from "./query.js";

/** @param {{client: any, params: Record<string, string>, setParams: (changed: any) => void, problem: any}} props */
export function Filters({ client, params, setParams, problem }) {
  const { value: types } = useLoaded((signal) => client.get("/notifications/event-types", {}, { signal }), [client]);
  const known = /** @type {any[]} */ (types?.event_types ?? []);
  const names = withChosen(known.map(({ name }) => name), params.rule_type);
  const typeOptions = [{ value: "", label: t("events.any_type") }, ...names.map((name) => ({ value: name, label: name }))];
  const statusOptions = [
    { value: "", label: t("events.any_status") },
    ...STATUSES.map((value) => ({ value, label: wordOf(value) })),
  ];
  const schemas = known.filter(({ name }) => !params.rule_type || name === params.rule_type);
  return html`
    <div class="filters">
      <${Period} since=${params.since} until=${params.until} onChange=${setParams} />
      <${Select} label=${t("events.type")} value=${params.rule_type ?? ""} options=${typeOptions} onChange=${(/** @type {string} */ rule_type) => setParams({ rule_type })} />
      <${Select} label=${t("events.status")} value=${params.status ?? ""} options=${statusOptions} onChange=${(/** @type {string} */ status) => setParams({ status })} />
    </div>
    <${Clauses} where=${params.where ?? ""} onChange=${(/** @type {string} */ where) => setParams({ where })} schemas=${schemas} problem=${problem} />
  `;
}

/**
 * List the types, and the one of the URL too if there is none such any more.
 * @param {string[]} names
 * @param {string | undefined} chosen
 */
function withChosen(names, chosen) {
  return chosen && !names.includes(chosen) ? [chosen, ...names] : names;
}
