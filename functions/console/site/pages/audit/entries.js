// The entries of the audit log, each with its difference to the revision before.

import { html, useState } from "../../html.js";
import { Author } from "../../parts/author.js";
import { Detail } from "../../parts/history.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/** Where the pages of things are, and what the API and the command line call them. Each is followed by the thing's id. */
const PLACES = /** @type {Record<string, {page: string, path: string, command: string}>} */ ({
  rule: { page: "/rules/", path: "/notifications/rules/", command: "rule" },
  channel: { page: "/channels/", path: "/notifications/channels/", command: "channel" },
  event_type: { page: "/types/", path: "/notifications/event-types/", command: "event-type" },
  mute: { page: "/mutes?mute=", path: "/notifications/mutes/", command: "mute" },
});

/** @param {{client: import("../../service/client.js").Client, entries: any[], empty: string}} props */
export function Entries({ client, entries, empty }) {
  return html`<${Table}
    caption=${t("audit.title")}
    rows=${entries}
    rowKey=${(/** @type {any} */ entry) => `${entry.kind} ${entry.id} ${entry.number}`}
    empty=${empty}
    columns=${[
      { name: "created_at", title: t("audit.when"), render: (/** @type {any} */ entry) => html`<${Time} at=${entry.created_at} exact />` },
      { name: "by", title: t("audit.who"), render: (/** @type {any} */ entry) => html`<${Author} change=${entry} />` },
      { name: "action", title: t("audit.action"), render: (/** @type {any} */ entry) => t(`history.action.${entry.action}`) },
      { name: "kind", title: t("audit.kind"), render: (/** @type {any} */ entry) => t(`audit.kinds.${entry.kind}`) },
      { name: "name", title: t("audit.name"), render: (/** @type {any} */ entry) => html`<${Named} entry=${entry} />` },
      { name: "changed", title: t("audit.changed"), wide: true, render: (/** @type {any} */ entry) => html`<${Changed} client=${client} entry=${entry} />` },
    ]}
  />`;
}

/** @param {{entry: any}} props */
function Named({ entry }) {
  return html`<a href=${link(PLACES[entry.kind].page + encodeURIComponent(entry.id))}><${Value} value=${entry.name || entry.id} /></a>`;
}

/** @param {{client: import("../../service/client.js").Client, entry: any}} props */
function Changed({ client, entry }) {
  const [open, setOpen] = useState(false);
  const { path, command } = PLACES[entry.kind];
  const comparable = entry.number > 1 && entry.action !== "deleted";
  if (!entry.changed.length && !comparable) return null;
  return html`
    <span class="mono"><${Value} value=${entry.changed.join(", ")} /></span>
    ${comparable &&
    html`
      <button type="button" class="button plain" aria-expanded=${open} onClick=${() => setOpen(!open)}>
        ${t(open ? "history.hide" : "history.show")}<span class="visually-hidden"> ${entry.name} ${entry.number}</span>
      </button>
      ${open && html`<${Detail} of=${{ client, path: `${path}${entry.id}`, command, id: entry.id }} number=${entry.number} />`}
    `}
  `;
}
