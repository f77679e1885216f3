// Deletes a channel, after telling what goes with it.

import { html } from "../../html.js";
import { shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { Fault } from "../../parts/fault.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/** Deliveries that are not sent any more when their channel is gone. */
const WAITING = ["pending", "held"];
/** How many of each are counted at most. */
const COUNTED = 1000;

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {any} props.channel
 * @param {any[] | null} props.rules
 * @param {() => void} props.onDone
 * @param {() => void} props.onClose
 */
export function Deletion({ client, channel, rules, onDone, onClose }) {
  const waiting = useLoaded((signal) => Promise.all(WAITING.map((status) => count(client, channel.id, status, signal))), [channel.id]);
  const used = rules ?? [];
  const force = used.length > 0;
  const body = html`
    <div class="stack">
      ${force &&
      html`
        <p>${t("channel.delete_rules", { count: used.length })}</p>
        <ul>
          ${used.map(
            (rule) => html`
              <li key=${rule.id}>
                <a href=${link(`/rules/${rule.id}`)}><${Value} value=${rule.name} /></a> <span class="soft">${rule.rule_type}</span>
              </li>
            `,
          )}
        </ul>
      `}
      <${Fault} problem=${waiting.problem} retry=${waiting.reload} />
      ${waiting.loading && html`<${Loading} />`}
      ${waiting.value?.map(
        (found, number) => found > 0 && html`<p>${t(`channel.delete_${WAITING[number]}`, { count: found, most: found >= COUNTED ? "+" : "" })}</p>`,
      )}
      <p>${t("channel.delete_body")}</p>
    </div>
  `;
  return html`<${Confirm}
    title=${t("channel.delete_title", { name: channel.name })}
    body=${body}
    action=${t(force ? "channel.delete_all" : "channel.delete", { count: used.length })}
    command=${shellLine("channel", "delete", channel.id, force && "--force", "--yes")}
    onConfirm=${async () => {
      await client.delete(`/notifications/channels/${channel.id}`, force ? { force: true } : {});
      onDone();
    }}
    onClose=${onClose}
    danger
  />`;
}

/**
 * @param {import("../../service/client.js").Client} client
 * @param {string} channel
 * @param {string} status
 * @param {AbortSignal} signal
 * @returns {Promise<number>}
 */
async function count(client, channel, status, signal) {
  let found = 0;
  let cursor = null;
  do {
    /** @type {{deliveries: unknown[], next: string | null}} */
    const page = await client.get("/notifications/deliveries", { channel, status, limit: COUNTED, cursor }, { signal });
    found += page.deliveries.length;
    cursor = page.next;
  } while (cursor && found < COUNTED);
  return Math.min(found, COUNTED);
}
