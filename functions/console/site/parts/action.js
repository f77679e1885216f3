// A button for what needs a role. Who lacks it can reach the button and learns why it does nothing.

import { html, useId } from "../html.js";
import { t } from "../texts/t.js";

/**
 * @param {object} props
 * @param {any} props.children what it says
 * @param {(role: string) => boolean} props.can
 * @param {string} [props.needs] the role
 * @param {string | null} [props.because] why it cannot be done now, whatever the role is
 * @param {() => void} props.onClick
 * @param {"primary" | "danger" | "plain"} [props.kind]
 */
export function Action({ children, can, needs = "operator", because = null, onClick, kind }) {
  const id = useId();
  const why = can(needs) ? because : t("part.needs_role", { role: t(`role.${needs}`) });
  return html`
    <span class="action">
      <button
        type="button"
        class=${`button ${kind ?? ""}`}
        aria-disabled=${why ? true : undefined}
        aria-describedby=${why ? id : undefined}
        title=${why ?? undefined}
        onClick=${() => why || onClick()}
      >
        ${children}
      </button>
      ${why && html`<span class="hint" id=${id}>${why}</span>`}
    </span>
  `;
}
