// Whether a channel's credentials go along to another receiver.

import { html } from "../../html.js";
import { Checkbox } from "../../parts/checkbox.js";
import { t } from "../../texts/t.js";

/** @param {Pick<import("./webhook-fields.js").PartProps, "draft" | "set">} props */
export function KeepCredentials({ draft, set }) {
  return html`<${Checkbox}
    label=${t("channel.keep_credentials")}
    hint=${t("channel.keep_credentials_hint")}
    checked=${draft.keepCredentials}
    onChange=${(/** @type {boolean} */ keepCredentials) => set({ keepCredentials })}
  />`;
}
