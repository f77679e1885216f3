// All event types: those that are built in, and those that somebody made.

import { html } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { Heading } from "../../parts/heading.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { Select } from "../../parts/select.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { go, link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

const KINDS = ["custom", "built_in"];

/** @type {Record<string, string[]>} how the command line has only types of a kind */
const WORDS = { custom: ["--jq", ".[] | select(.built_in | not)"], built_in: ["--jq", ".[] | select(.built_in)"] };

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Types({ client, params, setParams, can }) {
  const found = useLoaded((signal) => client.get("/notifications/event-types", {}, { signal }), []);
  const all = found.value?.event_types ?? [];
  const types = matching(all, params);
  return html`
    <${Heading} title=${t("types.title")} lead=${t("types.lead")}>
      <${Action} can=${can} needs="editor" kind="primary" onClick=${() => go("/types/+new")}>${t("types.create")}<//>
    <//>
    <div class="filters" role="search" aria-label=${t("types.title")}>
      <${Field} label=${t("types.search")} type="search" value=${params.q ?? ""} onInput=${(/** @type {string} */ q) => setParams({ q })} />
      <${Select}
        label=${t("types.kind")}
        value=${params.kind ?? ""}
        onChange=${(/** @type {string} */ kind) => setParams({ kind })}
        options=${[{ value: "", label: t("types.any_kind") }, ...KINDS.map((kind) => ({ value: kind, label: t(`types.${kind}`) }))]}
      />
    </div>
    <${Fault} problem=${found.problem} retry=${found.reload} />
    ${!found.value && found.loading && html`<${Loading} />`}
    ${found.value &&
    html`
      <${Table}
        caption=${t("types.title")}
        rows=${types}
        rowKey=${(/** @type {any} */ one) => one.name}
        empty=${t("types.none")}
        columns=${[
          {
            name: "name",
            title: t("types.name"),
            mono: true,
            render: (/** @type {any} */ one) => html`<a href=${link(`/types/${encodeURIComponent(one.name)}`)}>${one.name}</a>`,
          },
          { name: "kind", title: t("types.kind"), render: (/** @type {any} */ one) => t(`types.${one.built_in ? "built_in" : "custom"}`) },
          { name: "description", title: t("types.description"), wide: true, render: (/** @type {any} */ one) => html`<${Value} value=${one.description} />` },
          { name: "fields", title: t("types.fields"), numeric: true, render: (/** @type {any} */ one) => Object.keys(one.json_schema.properties ?? {}).length },
          { name: "updated_at", title: t("types.changed"), render: (/** @type {any} */ one) => html`<${Time} at=${one.updated_at} />` },
        ]}
      />
      <${Pager} shown=${types.length} total=${all.length} more=${false} onMore=${() => {}} />
    `}
    <${Command} line=${lineOf(params)} />
  `;
}

/** @param {{q?: string, kind?: string}} params */
function lineOf({ q = "", kind = "" }) {
  const search = q.trim() ? ["--search", q.trim()] : [];
  return shellLine("event-type", "list", ...search, ...(WORDS[kind] ?? []));
}

/**
 * @param {any[]} types
 * @param {{q?: string, kind?: string}} params
 */
function matching(types, { q = "", kind = "" }) {
  const wanted = q.trim().toLowerCase();
  return types.filter(
    (one) =>
      (!kind || one.built_in === (kind === "built_in")) &&
      [one.name, one.description ?? "", ...Object.keys(one.json_schema.properties ?? {})].some((text) => text.toLowerCase().includes(wanted)),
  );
}
