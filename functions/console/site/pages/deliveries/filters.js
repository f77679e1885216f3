// The filters of the list; they are in the URL.

import { html, useRef } from "../../html.js";
import { Button } from "../../parts/button.js";
import { useLoaded } from "../../parts/loaded.js";
import { Period } from "../../parts/period.js";
import { Select } from "../../parts/select.js";
import { wordOf } from "../../parts/status.js";
import { Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { t } from "../../texts/t.js";
import { STATUSES } from "./query.js";

const NAME_CHARS = 60;

/** @param {{client: any, params: Record<string, string>, setParams: (changed: any) => void, names: import("./names.js").Names}} props */
export function Filters({ client, params, setParams, names }) {
  const { value: types } = useLoaded((signal) => client.get("/notifications/event-types", {}, { signal }), [client]);
  const typeNames = /** @type {any[]} */ (types?.event_types ?? []).map(({ name }) => ({ id: name, name }));
  const statuses = STATUSES.map((id) => ({ id, name: wordOf(id) }));
  const choice = (/** @type {string} */ name, /** @type {{id: string, name: string}[]} */ known) => html`
    <${Select} label=${t(`deliveries.${name}`)} value=${params[name] ?? ""} options=${options(known, params[name])} onChange=${(/** @type {string} */ value) => setParams({ [name]: value })} />
  `;
  const all = useRef(/** @type {HTMLElement | null} */ (null));
  const remove = (/** @type {string} */ name) => {
    setParams({ [name]: null });
    all.current?.querySelector("select")?.focus(); // the button goes, and would take the focus with it
  };
  return html`
    <div class="filters many" ref=${all}>
      <${Period} since=${params.since} until=${params.until} onChange=${setParams} />
      ${choice("status", statuses)} ${choice("channel", names.channels)} ${choice("rule", names.rules)} ${choice("rule_type", typeNames)}
      ${["event", "mute"].map((name) => params[name] && html`<${Only} key=${name} name=${name} id=${params[name]} remove=${() => remove(name)} />`)}
    </div>
  `;
}

/**
 * @param {{id: string, name: string}[]} known
 * @param {string | undefined} chosen one that is not known is listed, too
 */
function options(known, chosen) {
  const others = chosen && !known.some(({ id }) => id === chosen) ? [{ id: chosen, name: chosen }] : [];
  const listed = [...others, ...known].map(({ id, name }) => ({ value: id, label: visible(name, NAME_CHARS) }));
  return [{ value: "", label: t("deliveries.any") }, ...listed];
}

/** @param {{name: string, id: string, remove: () => void}} props */
function Only({ name, id, remove }) {
  return html`
    <p class="clause">${t(`deliveries.${name}`)} <code><${Value} value=${id} most=${40} /></code> <${Button} kind="plain" label=${t("deliveries.remove", { name: t(`deliveries.${name}`) })} onClick=${remove}>×<//></p>
  `;
}
