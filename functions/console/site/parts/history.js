// The revisions of one thing, newest first: who changed what, how it differs, and the way back.

import { html, useState } from "../html.js";
import { t } from "../texts/t.js";
import { authorOf } from "./author.js";
import { Button } from "./button.js";
import { Command, shellLine } from "./command.js";
import { Confirm } from "./confirm.js";
import { Differences } from "./difference.js";
import { Fault } from "./fault.js";
import { useLoaded } from "./loaded.js";
import { Loading } from "./loading.js";
import { Pager } from "./pager.js";
import { Panel } from "./panel.js";
import { Time } from "./time.js";
import { withoutPath } from "./url.js";
import { Value } from "./value.js";

const PAGE = 20;

/**
 * @typedef {object} Of what the revisions are of
 * @property {import("../service/client.js").Client} client
 * @property {string} path of the thing in the API, like /notifications/rules/ID
 * @property {string} command its group on the command line, like rule
 * @property {string} id as the command line takes it
 */

/**
 * @param {Of & {title?: string, mayRevert?: boolean, onReverted?: () => void, version?: unknown}} props
 *   `version`: the history is loaded anew when it changes
 */
export function History({ client, path, command, id, title, mayRevert = false, onReverted, version }) {
  const [limit, setLimit] = useState(PAGE);
  const [revertTo, setRevertTo] = useState(/** @type {number | null} */ (null));
  const found = useLoaded((signal) => client.get(`${path}/revisions`, { limit }, { signal }), [path, limit, version]);
  const revisions = found.value?.revisions ?? [];
  const newest = revisions[0]?.number;
  const revert = async () => {
    await client.post(`${path}/revert`, { to: revertTo });
    await found.reload();
    onReverted?.();
  };
  return html`
    <${Panel} title=${title ?? t("history.title")}>
      <${Fault} problem=${found.problem} retry=${found.reload} />
      ${!found.value && found.loading && html`<${Loading} />`}
      ${found.value && !revisions.length && html`<p class="empty">${t("history.none")}</p>`}
      <ol class="history">
        ${revisions.map((/** @type {any} */ one) => {
          const revertable = mayRevert && one.number !== newest && one.action !== "deleted";
          return html`<${Revision}
            key=${one.number}
            revision=${one}
            of=${{ client, path, command, id }}
            onRevert=${revertable ? () => setRevertTo(one.number) : null}
          />`;
        })}
      </ol>
      ${found.value?.next && html`<${Pager} shown=${revisions.length} more loading=${found.loading} onMore=${() => setLimit(limit + PAGE)} />`}
      <${Command} line=${shellLine(command, "history", id)} />
      ${revertTo !== null &&
      html`<${Confirm}
        title=${t("history.revert_title", { number: revertTo })}
        body=${t("history.revert_body")}
        action=${t("history.revert")}
        command=${shellLine(command, "revert", id, "--to", revertTo)}
        onConfirm=${revert}
        onClose=${() => setRevertTo(null)}
      />`}
    <//>
  `;
}

/** @param {{revision: any, of: Of, onRevert: (() => void) | null}} props */
function Revision({ revision, of, onRevert }) {
  const [open, setOpen] = useState(false);
  const comparable = revision.number > 1 && revision.action !== "deleted";
  return html`
    <li>
      <div class="row spread">
        <div>
          <strong>${t("history.revision", { number: revision.number })}</strong> ${t(`history.action.${revision.action}`)}
          ${" · "}<${Time} at=${revision.created_at} />${" · "}<${Value} value=${authorOf(revision)} />
          ${revision.changed.length > 0 && html`<div class="mono changed"><${Value} value=${revision.changed.join(", ")} /></div>`}
        </div>
        <div class="row">
          ${comparable &&
          html`<button type="button" class="button plain" aria-expanded=${open} onClick=${() => setOpen(!open)}>
            ${t(open ? "history.hide" : "history.show")}
            <span class="visually-hidden">${t("history.revision", { number: revision.number })}</span>
          </button>`}
          ${onRevert &&
          html`<${Button} label=${t("history.revert_to", { number: revision.number })} onClick=${onRevert}>${t("history.revert")}<//>`}
        </div>
      </div>
      ${open && html`<${Detail} of=${of} number=${revision.number} />`}
    </li>
  `;
}

/** @param {{of: Of, number: number, since?: number}} props since: the revision to compare with, by default the one before */
export function Detail({ of, number, since }) {
  const { client, path, command, id } = of;
  const found = useLoaded((signal) => client.get(`${path}/revisions/${number}`, { compared_to: since }, { signal }), [path, number, since]);
  const revision = found.value?.revision;
  if (!revision) return found.problem ? html`<${Fault} problem=${found.problem} retry=${found.reload} />` : html`<${Loading} />`;
  if (revision.compared_to === null) return html`<p class="empty">${t("history.first")}</p>`;
  return html`
    <${Differences} differences=${revision.differences.map(masked)} />
    <${Command} line=${shellLine(command, "diff", id, revision.compared_to, number)} />
  `;
}

/**
 * Show only where a channel's URL leads, because the rest may be a credential.
 * @param {import("./difference.js").Difference} difference
 * @returns {import("./difference.js").Difference}
 */
function masked(difference) {
  if (difference.field !== "spec.url") return difference;
  const [before, after] = [difference.old, difference.new].map((url) => (typeof url === "string" ? withoutPath(url) : url));
  return { ...difference, old: before, new: before === after ? t("history.other_path", { url: String(after) }) : after };
}
