// When a new mute is in force: for a while, until a time, or in weekly windows.

import { html, useMemo } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Select } from "../../parts/select.js";
import { t } from "../../texts/t.js";
import { LENGTHS, windowOf } from "./draft.js";
import { WindowFields } from "./window-fields.js";

const KINDS = /** @type {const} */ (["for", "until", "weekly"]);

/** @param {import("./subject.js").PartProps & {zone: string}} props */
export function When({ draft, set, wrong, zone }) {
  return html`
    <fieldset class="plain-set">
      <legend>${t("mutes.when")}</legend>
      <div class="row" role="radiogroup" aria-label=${t("mutes.when")}>
        ${KINDS.map(
          (kind) => html`
            <label key=${kind} class="choice">
              <input type="radio" name="when" value=${kind} checked=${draft.when === kind} onChange=${() => set({ when: kind })} />
              ${t(`mutes.when_${kind}`)}
            </label>
          `,
        )}
      </div>
      ${draft.when === "for" &&
      html`<${Select}
        label=${t("mutes.length")}
        value=${draft.length}
        options=${Object.keys(LENGTHS).map((value) => ({ value, label: t(`mutes.lengths.${value}`) }))}
        onChange=${(/** @type {any} */ length) => set({ length })}
        problem=${wrong("until")}
      />`}
      ${draft.when === "weekly" && html`<${Windows} ...${{ draft, set, wrong, zone }} />`}
      ${draft.when !== "for" &&
      html`<${Field}
        label=${t(draft.when === "weekly" ? "mutes.weekly_until" : "mutes.until")}
        type="datetime-local"
        hint=${t("mutes.until_hint", { zone })}
        value=${draft.until}
        onInput=${(/** @type {string} */ until) => set({ until })}
        required=${draft.when === "until"}
        problem=${wrong("until")}
      />`}
    </fieldset>
  `;
}

/** @param {import("./subject.js").PartProps & {zone: string}} props */
function Windows({ draft, set, wrong, zone }) {
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const { windows } = draft;
  const faults = windows.map((_, number) => wrong(`weekly.${number}`));
  const together = faults.some(Boolean) ? null : wrong("weekly");
  return html`
    ${windows.map(
      (one, number) => html`<${WindowFields}
        key=${number}
        number=${number}
        window=${one}
        zones=${zones}
        problem=${faults[number]}
        onChange=${(/** @type {any} */ changed) => set({ windows: windows.map((each) => (each === one ? { ...one, ...changed } : each)) })}
        onRemove=${windows.length > 1 ? () => set({ windows: windows.filter((each) => each !== one) }) : null}
      />`,
    )}
    ${together && html`<p class="wrong">${together}</p>`}
    <div><${Button} onClick=${() => set({ windows: [...windows, windowOf(zone)] })}>${t("mutes.window_add")}<//></div>
  `;
}
