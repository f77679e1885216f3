// Below a list that goes on: how much is shown, and a button for more.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { Button } from "./button.js";
import { Live } from "./live.js";

/**
 * @param {object} props
 * @param {number} props.shown
 * @param {number} [props.total] if it is known
 * @param {boolean} props.more whether there are more
 * @param {() => void} props.onMore
 * @param {boolean} [props.loading]
 */
export function Pager({ shown, total, more, onMore, loading = false }) {
  return html`
    <div class="pager row">
      <${Live} visible>${total === undefined ? t("part.shown", { count: shown }) : t("part.shown_of", { count: shown, total })}<//>
      ${more && html`<${Button} busy=${loading} onClick=${onMore}>${t("part.more")}<//>`}
    </div>
  `;
}
