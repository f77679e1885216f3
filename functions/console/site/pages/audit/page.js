// The audit log: who changed what of the configuration, and when.

import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { Heading } from "../../parts/heading.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { isPeriod, Period } from "../../parts/period.js";
import { Select } from "../../parts/select.js";
import { parseTime } from "../../parts/times.js";
import { serverNow } from "../../service/clock.js";
import { t } from "../../texts/t.js";
import { Entries } from "./entries.js";

const PAGE = 50;
/** How many the service lists at once. */
const MOST = 1_000;
const KINDS = ["rule", "channel", "event_type", "mute"];

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Audit({ client, params, setParams }) {
  const [wanted, setWanted] = useState(PAGE);
  const { kind, by, since, until } = params;
  const found = useLoaded((signal) => entries(client, params, wanted, signal), [kind, by, since, until, wanted]);
  const filter = (/** @type {Record<string, unknown>} */ changed) => {
    setWanted(PAGE);
    setParams(changed);
  };
  const isFiltered = Boolean(kind || by || since || until);
  const none = !isPeriod(params) ? "part.no_time" : isFiltered ? "audit.none_match" : "audit.none";
  return html`
    <${Heading} title=${t("audit.title")} lead=${t("audit.lead")}>
      <${Button} onClick=${found.reload} busy=${found.loading}>${t("audit.reload")}<//>
    <//>
    <div class="filters" role="search" aria-label=${t("audit.title")}>
      <${Select}
        label=${t("audit.kind")}
        value=${kind ?? ""}
        onChange=${(/** @type {string} */ chosen) => filter({ kind: chosen })}
        options=${[{ value: "", label: t("audit.any_kind") }, ...KINDS.map((kind) => ({ value: kind, label: t(`audit.kinds.${kind}`) }))]}
      />
      <${Field} label=${t("audit.by")} value=${by ?? ""} onInput=${(/** @type {string} */ who) => filter({ by: who })} placeholder=${t("audit.by_hint")} type="search" />
      <${Period} since=${since} until=${until} onChange=${filter} />
      ${isFiltered && html`<${Button} kind="plain" onClick=${() => filter({ kind: null, by: null, since: null, until: null })}>${t("audit.clear")}<//>`}
    </div>
    <${Fault} problem=${found.problem} retry=${found.reload} />
    ${!found.value && found.loading && html`<${Loading} />`}
    ${found.value &&
    html`
      <${Entries} client=${client} entries=${found.value.entries} empty=${t(none)} />
      <${Pager} shown=${found.value.entries.length} more=${found.value.more} loading=${found.loading} onMore=${() => setWanted(wanted + PAGE)} />
    `}
    <${Command} line=${lineOf(params)} />
  `;
}

/**
 * Read pages until there are as many entries as wanted: a page may be short, or empty, and not the last.
 * @param {import("../../service/client.js").Client} client
 * @param {Record<string, string>} params
 * @param {number} wanted
 * @param {AbortSignal} signal
 */
async function entries(client, { kind, by, since, until }, wanted, signal) {
  if (!isPeriod({ since, until })) return { entries: [], more: false };
  const now = serverNow();
  const [from, to] = [since, until].map((text) => (text ? parseTime(text, now) : null));
  /** @type {any[]} */
  const found = [];
  let cursor = null;
  do {
    /** @type {{entries: any[], next: string | null}} */
    const page = await client.get("/notifications/audit", { kind, by, since: from, until: to, limit: Math.min(MOST, wanted - found.length), cursor }, { signal });
    found.push(...page.entries);
    cursor = page.next;
  } while (cursor && found.length < wanted);
  return { entries: found, more: Boolean(cursor) };
}

/** @param {Record<string, string>} params */
function lineOf({ kind, by, since, until }) {
  return shellLine(
    ...["audit", "list"],
    ...(kind ? ["--kind", kind.replace("_", "-")] : []),
    ...(by ? ["--by", by] : []),
    ...(since ? ["--since", since] : []),
    ...(until ? ["--until", until] : []),
  );
}
