// Signs with a new secret, and for a while with the present one too.

import { html, useState } from "../../html.js";
import { shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { Select } from "../../parts/select.js";
import { serverNow } from "../../service/clock.js";
import { t } from "../../texts/t.js";

/** How long the present secret may stay valid, as the command line spells it, in seconds. */
const PERIODS = { 0: 0, "1h": 3_600, "24h": 86_400, "7d": 604_800 };
const DEFAULT = "24h";

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {any} props.channel
 * @param {(told: any) => Promise<void>} props.onDone
 * @param {() => void} props.onClose
 */
export function Rotation({ client, channel, onDone, onClose }) {
  const [keep, setKeep] = useState(DEFAULT);
  const rotate = async () => {
    const seconds = PERIODS[/** @type {keyof typeof PERIODS} */ (keep)];
    const until = seconds ? new Date(serverNow() + seconds * 1000).toISOString() : null;
    const path = `/notifications/channels/${channel.id}/rotate-secret`;
    const response = await client.post(path, { keep_old_seconds: seconds });
    await onDone({ secret: response.channel.signing_secret, preset: channel.spec.preset, until });
  };
  const body = html`
    <div class="stack">
      <p>${t("channel.rotate_body")}</p>
      <${Select}
        label=${t("channel.rotate_keep")}
        value=${keep}
        onChange=${setKeep}
        options=${Object.keys(PERIODS).map((period) => ({ value: period, label: t(`channel.keep.${period}`) }))}
      />
    </div>
  `;
  return html`<${Confirm}
    title=${t("channel.rotate_title", { name: channel.name })}
    body=${body}
    action=${t("channel.rotate")}
    command=${shellLine("channel", "rotate-secret", channel.id, "--keep-old", keep)}
    onConfirm=${rotate}
    onClose=${onClose}
    danger
  />`;
}
