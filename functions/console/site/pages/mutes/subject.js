// What a new mute is about: a rule, a channel, an event type, a condition, or everything.

import { html } from "../../html.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { useLoaded } from "../../parts/loaded.js";
import { rulesOf } from "../../parts/rules-of.js";
import { Select } from "../../parts/select.js";
import { searchAll } from "../../service/search.js";
import { t } from "../../texts/t.js";

/**
 * @typedef {object} PartProps
 * @property {import("./draft.js").Draft} draft
 * @property {(changed: Partial<import("./draft.js").Draft>) => void} set
 * @property {(name: string) => string | null} wrong what is wrong with a member
 */

/** @param {PartProps & {client: import("../../service/client.js").Client}} props */
export function Subject({ client, draft, set, wrong }) {
  return html`
    <fieldset class="plain-set">
      <legend>${t("mutes.about")}</legend>
      <${Checkbox}
        label=${t("mutes.everything_choice")}
        checked=${draft.everything}
        onChange=${(/** @type {boolean} */ everything) => set({ everything })}
      />
      ${!draft.everything && html`<${Named} ...${{ client, draft, set, wrong }} />`}
    </fieldset>
  `;
}

/** @param {PartProps & {client: import("../../service/client.js").Client}} props */
function Named({ client, draft, set, wrong }) {
  const channels = useLoaded((signal) => searchAll(client, "channels", { signal }), []);
  const rules = useLoaded((signal) => rulesOf(client, {}, signal), []);
  const types = useLoaded((signal) => client.get("/notifications/event-types", {}, { signal }), []);
  return html`
    <div class="fields">
      <${Select}
        label=${t("mutes.by_rule")}
        value=${draft.rule}
        options=${choices(rules.value)}
        onChange=${(/** @type {string} */ rule) => set({ rule })}
        problem=${wrong("rule_id")}
      />
      <${Select}
        label=${t("mutes.by_channel")}
        value=${draft.channel}
        options=${choices(channels.value)}
        onChange=${(/** @type {string} */ channel) => set({ channel })}
        problem=${wrong("channel_id")}
      />
      <${Select}
        label=${t("mutes.by_type")}
        value=${draft.type}
        options=${choices(types.value?.event_types)}
        onChange=${(/** @type {string} */ type) => set({ type })}
        problem=${wrong("rule_type")}
      />
    </div>
    <${Field}
      label=${t("mutes.by_where")}
      hint=${t("mutes.where_hint")}
      value=${draft.where}
      onInput=${(/** @type {string} */ where) => set({ where })}
      problem=${wrong("where")}
      rows=${2}
      mono
    />
    <${Fault} problem=${channels.problem ?? rules.problem ?? types.problem} />
  `;
}

/** @param {any[] | null | undefined} all */
function choices(all) {
  const known = (all ?? []).map((one) => ({ value: one.id ?? one.name, label: one.name }));
  return [{ value: "", label: t("mutes.any") }, ...known];
}
