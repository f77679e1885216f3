// The list of mutes.

import { html } from "../../html.js";
import { Author } from "../../parts/author.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { About } from "./about.js";

/** How many mutes a request asks for: as many as a page has at most. */
const PAGE = 100;

/** The tone of a mute's state; the word says the same. */
const TONES = /** @type {Record<string, any>} */ ({ in_force: "wait", waiting: "plain", ended: "off" });

/**
 * @param {import("../../service/client.js").Client} client
 * @param {boolean} ended
 * @param {AbortSignal} signal
 * @returns {Promise<any[]>} all mutes, newest first
 */
export async function allMutes(client, ended, signal) {
  /** @type {any[]} */
  const found = [];
  let cursor = null;
  do {
    /** @type {{mutes: any[], next: string | null}} */
    const page = await client.get("/notifications/mutes", { ended, limit: PAGE, cursor }, { signal });
    found.push(...page.mutes);
    cursor = page.next;
  } while (cursor);
  return found;
}

/** @param {{mutes: any[], params: Record<string, string>}} props */
export function MutesTable({ mutes, params }) {
  return html`<${Table}
    caption=${t("mutes.all")}
    rows=${mutes}
    rowKey=${(/** @type {any} */ mute) => mute.id}
    empty=${t("mutes.none")}
    columns=${[
      {
        name: "reason",
        title: t("mutes.reason"),
        wide: true,
        render: (/** @type {any} */ mute) => html`<a href=${link("/mutes", { ...params, form: null, mute: mute.id })}><${Value} value=${mute.reason} /></a>`,
      },
      { name: "state", title: t("mutes.state"), render: (/** @type {any} */ mute) => html`<${MuteState} mute=${mute} />` },
      { name: "changes_at", title: t("mutes.changes_at"), render: (/** @type {any} */ mute) => html`<${Time} at=${mute.changes_at} />` },
      { name: "about", title: t("mutes.about"), render: (/** @type {any} */ mute) => html`<${About} mute=${mute} />` },
      { name: "hold", title: t("mutes.fate"), render: (/** @type {any} */ mute) => t(mute.hold ? "mutes.holds" : "mutes.skips") },
      { name: "by", title: t("mutes.by"), render: (/** @type {any} */ mute) => html`<${Author} change=${{ by: mute.created_by }} />` },
      { name: "suppressed", title: t("mutes.suppressed"), numeric: true, render: suppressed },
    ]}
  />`;
}

/** @param {{mute: any}} props */
export function MuteState({ mute }) {
  return html`<${Status} value=${mute.state} tone=${TONES[mute.state]}>${t(`mutes.is.${mute.state}`)}<//>`;
}

/** @param {any} mute */
export function suppressed(mute) {
  return mute.suppressed_cut ? t("mutes.or_more", { count: mute.suppressed }) : mute.suppressed.toLocaleString();
}
