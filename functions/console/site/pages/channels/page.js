// All channels: where each leads, how its receiver is, and when it last took a message.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { Heading } from "../../parts/heading.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { Select } from "../../parts/select.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { go, link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { allChannels, matching, STATES } from "./found.js";

/** How many are shown at first, and how many more each time: a page with a thousand rows is slow to search. */
const PAGE = 200;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Channels({ client, params, setParams, can }) {
  const found = useLoaded((signal) => allChannels(client, signal), []);
  // The status takes longer than the list, so that the list does not wait for it.
  const status = useLoaded((signal) => client.get("/notifications/status", {}, { signal }), []);
  const last = new Map((status.value?.channels ?? []).map((/** @type {any} */ one) => [one.id, one.last_success_at]));
  const channels = matching(found.value ?? [], params);
  const [most, setMost] = useState(PAGE);
  const isFiltered = Boolean(params.q || params.state);
  const words = ["channel", "list", ...(params.q?.trim() ? ["--search", params.q.trim()] : []), ...(params.state ? ["--state", params.state] : [])];
  return html`
    <${Heading} title=${t("channels.title")} lead=${t("channels.lead")}>
      <${Action} can=${can} needs="editor" kind="primary" onClick=${() => go("/channels/new")}>${t("channels.create")}<//>
    <//>
    <div class="filters" role="search" aria-label=${t("channels.title")}>
      <${Field} label=${t("channels.search")} type="search" value=${params.q ?? ""} onInput=${(/** @type {string} */ q) => setParams({ q })} />
      <${Select}
        label=${t("channels.state")}
        value=${params.state ?? ""}
        onChange=${(/** @type {string} */ state) => setParams({ state })}
        options=${[{ value: "", label: t("channels.any_state") }, ...STATES.map((state) => ({ value: state, label: t(`status.${state}`) }))]}
      />
    </div>
    <${Fault} problem=${found.problem} retry=${found.reload} />
    <${Fault} problem=${status.problem} retry=${status.reload} />
    ${!found.value && found.loading && html`<${Loading} />`}
    ${found.value &&
    html`
      <${Table}
        caption=${t("channels.title")}
        rows=${channels.slice(0, most)}
        rowKey=${(/** @type {any} */ one) => one.id}
        empty=${t(isFiltered ? "channels.none_match" : "channels.none")}
        columns=${columns(status.value ? last : null)}
      />
      <${Pager} shown=${Math.min(most, channels.length)} total=${channels.length} more=${channels.length > most} onMore=${() => setMost(most + PAGE)} />
    `}
    <${Command} line=${shellLine(...words)} />
  `;
}

/** @param {Map<string, string | null> | null} last when each last took a message; null if that is not known yet */
function columns(last) {
  return [
    {
      name: "name",
      title: t("channels.name"),
      wide: true,
      render: (/** @type {any} */ one) => html`<a href=${link(`/channels/${one.id}`)}><${Value} value=${one.name} /></a>`,
    },
    { name: "service", title: t("channels.service") },
    { name: "target", title: t("channels.target"), mono: true, render: (/** @type {any} */ one) => html`<${Value} value=${one.target} />` },
    { name: "state", title: t("channels.state"), render: (/** @type {any} */ one) => html`<${Status} value=${one.state} />` },
    {
      name: "last",
      title: t("channels.last_success"),
      render: (/** @type {any} */ one) =>
        last?.get(one.id) ? html`<${Time} at=${last.get(one.id)} />` : html`<span class="soft">${last ? t("channels.no_success") : "…"}</span>`,
    },
    { name: "updated_at", title: t("channels.changed"), render: (/** @type {any} */ one) => html`<${Time} at=${one.updated_at} />` },
  ];
}
