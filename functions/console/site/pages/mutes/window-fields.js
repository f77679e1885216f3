// The fields of one weekly window: its days, from when to when, and in which zone.

import { html } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { language, t } from "../../texts/t.js";
import { windowText } from "./draft.js";
import { DAYS } from "./windows.js";

/** A Monday, to name the days of the week by. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
/** A time of a day as people write it, from 00:00 to 24:00. */
const CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00";

/**
 * @param {object} props
 * @param {number} props.number
 * @param {import("./draft.js").WindowDraft} props.window
 * @param {string[]} props.zones
 * @param {string | null} props.problem
 * @param {(changed: Partial<import("./draft.js").WindowDraft>) => void} props.onChange
 * @param {(() => void) | null} props.onRemove
 */
export function WindowFields({ number, window, zones, problem, onChange, onRemove }) {
  const toggled = (/** @type {number} */ day) =>
    window.days.includes(day) ? window.days.filter((one) => one !== day) : [...window.days, day];
  const clock = { required: true, attributes: { pattern: CLOCK, inputmode: "numeric", size: 5, title: t("mutes.clock") } };
  return html`
    <fieldset class="window">
      <legend>${t("mutes.window", { number: number + 1 })}</legend>
      <div class="row" role="group" aria-label=${t("mutes.days")}>
        ${DAYS.map(
          (_, day) => html`
            <label key=${day} class="choice">
              <input type="checkbox" checked=${window.days.includes(day)} onChange=${() => onChange({ days: toggled(day) })} /> ${dayName(day)}
            </label>
          `,
        )}
      </div>
      <div class="row window-times">
        <${Field} label=${t("mutes.from")} value=${window.from} onInput=${(/** @type {string} */ from) => onChange({ from })} ...${clock} />
        <${Field} label=${t("mutes.to")} value=${window.to} onInput=${(/** @type {string} */ to) => onChange({ to })} ...${clock} />
        <${Field}
          label=${t("mutes.window_zone")}
          value=${window.zone}
          onInput=${(/** @type {string} */ zone) => onChange({ zone })}
          required
          suggestions=${zones}
        />
        ${onRemove && html`<${Button} onClick=${onRemove}>${t("mutes.window_remove")}<//>`}
      </div>
      <p class="hint mono">${windowText(window)}</p>
      ${problem && html`<p class="wrong">${problem}</p>`}
    </fieldset>
  `;
}

/** @param {number} day */
function dayName(day) {
  return new Date(MONDAY + day * DAY).toLocaleDateString(language(), { weekday: "short", timeZone: "UTC" });
}
