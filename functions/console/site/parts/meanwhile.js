// Two who edit the same thing: what somebody else has changed since it was loaded is told before it is saved.

import { html } from "../html.js";
import { t } from "../texts/t.js";
import { authorOf } from "./author.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { Detail } from "./history.js";
import { Time } from "./time.js";
import { Value } from "./value.js";

/** How many of the newest revisions are searched for the one that was loaded. */
const NEWEST = 50;

/**
 * @typedef {object} Other what somebody else has left
 * @property {any} present the thing as it is now
 * @property {any} revision the last one
 * @property {number | undefined} since the number of the revision that was loaded, if it is among the newest
 */

/**
 * Look whether a thing is still as it was loaded; null if it is.
 *
 * The service keeps no lock between this look and the change that follows, so whoever saves within that moment is not
 * noticed. So send only what was changed here: the other's changes of other members stay in any case.
 * @param {import("./history.js").Of} of
 * @param {string} member where the response has the thing, like rule
 * @param {string} seen its `updated_at`
 * @param {import("../service/client.js").Params} [params]
 * @returns {Promise<Other | null>}
 */
export async function changedSince({ client, path }, member, seen, params) {
  const present = (await client.get(path, params))[member];
  if (present.updated_at === seen) return null;
  const { revisions } = await client.get(`${path}/revisions`, { limit: NEWEST });
  const since = revisions.find((/** @type {any} */ { created_at }) => created_at === seen)?.number;
  return { present, revision: revisions[0], since };
}

/**
 * @param {object} props
 * @param {import("./history.js").Of} props.of
 * @param {Other} props.other
 * @param {() => void} props.onClose
 * @param {() => void} props.onDiscard
 * @param {() => void} props.onSave
 */
export function Meanwhile({ of, other, onClose, onDiscard, onSave }) {
  const then = (/** @type {() => void} */ act) => () => {
    onClose();
    act();
  };
  const actions = html`
    <${Button} onClick=${onClose}>${t("meanwhile.keep_editing")}<//>
    <${Button} onClick=${then(onDiscard)}>${t("meanwhile.discard")}<//>
    <${Button} kind="danger" onClick=${then(onSave)}>${t("meanwhile.save")}<//>
  `;
  return html`
    <${Dialog} title=${t("meanwhile.title")} onClose=${onClose} actions=${actions}>
      <p><${Value} value=${authorOf(other.revision)} /> · <${Time} at=${other.revision.created_at} exact /></p>
      <${Detail} of=${of} number=${other.revision.number} since=${other.since} />
      <p class="soft">${t("meanwhile.means")}</p>
    <//>
  `;
}
