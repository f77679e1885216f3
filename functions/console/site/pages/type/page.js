// One event type: its fields, a sample of its events, the rules on it, and what was changed. Or a new one.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Command, shellLine } from "../../parts/command.js";
import { Confirm } from "../../parts/confirm.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { History } from "../../parts/history.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Managed } from "../../parts/managed.js";
import { Needed } from "../../parts/needed.js";
import { Panel } from "../../parts/panel.js";
import { RulesTable, rulesOf } from "../../parts/rules-of.js";
import { Text, Value } from "../../parts/value.js";
import { go } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { FieldsTable } from "./fields-table.js";
import { TypeForm } from "./form.js";

const NEW = "+new";

/** @param {import("../../shell/pages.js").PageProps} props */
export default function TypePage(props) {
  return props.id === NEW ? html`<${Creation} ...${props} />` : html`<${Present} ...${props} />`;
}

/** @param {import("../../shell/pages.js").PageProps} props */
function Creation({ client, can }) {
  if (!can("editor")) return html`<${Heading} title=${t("type.new")} /><${Needed} role="editor" />`;
  return html`
    <${Heading} title=${t("type.new")} />
    <${TypeForm}
      client=${client}
      stored=${null}
      onSaved=${(/** @type {any} */ type) => go(`/types/${encodeURIComponent(type.name)}`)}
      onClose=${() => go("/types")}
    />
  `;
}

/** @param {import("../../shell/pages.js").PageProps} props */
function Present({ client, can, id = "", params, setParams }) {
  const path = `/notifications/event-types/${encodeURIComponent(id)}`;
  const found = useLoaded((signal) => client.get(path, {}, { signal }), [path]);
  const [told, setTold] = useState("");
  const [deleting, setDeleting] = useState(false);
  const type = found.value?.event_type;
  if (!type) {
    return html`
      <${Heading} title=${t("type.title")} />
      ${found.problem ? html`<${Fault} problem=${found.problem} retry=${found.reload} />` : html`<${Loading} />`}
    `;
  }
  const mayChange = can("editor") && !type.built_in;
  const fixed = type.built_in ? t("type.fixed") : null;
  if (params.form === "edit" && mayChange) {
    const close = () => {
      setParams({ form: null });
      found.reload(); // somebody else may have changed it
    };
    const saved = async () => {
      close();
      setTold(t("type.saved"));
      await found.reload();
    };
    return html`
      <${Heading} title=${t("type.edit_title", { name: type.name })} />
      <${Managed} managed=${type.managed} />
      <${TypeForm} client=${client} stored=${type} onSaved=${saved} onClose=${close} />
    `;
  }
  return html`
    <${Heading} title=${type.name} lead=${html`<${Value} value=${type.description} />`}>
      <span class="soft">${t(`types.${type.built_in ? "built_in" : "custom"}`)}</span>
      <${Action} can=${can} needs="editor" because=${fixed} onClick=${() => setParams({ form: "edit" })}>${t("type.edit")}<//>
      <${Action} can=${can} needs="editor" because=${fixed} kind="danger" onClick=${() => setDeleting(true)}>${t("type.delete")}<//>
    <//>
    <${Managed} managed=${type.managed} />
    <p role="status" class=${told ? "outcome" : "visually-hidden"}>${told}</p>
    <${Fault} problem=${found.problem} retry=${found.reload} />
    <${Panel} title=${t("type.fields")}>
      <${FieldsTable} schema=${type.json_schema} />
      <details>
        <summary>${t("type.as_schema")}</summary>
        <${Text} value=${type.json_schema} label=${t("type.as_schema")} />
      </details>
      <${Command} line=${shellLine("event-type", "info", type.name)} />
    <//>
    <${Sample} client=${client} path=${path} name=${type.name} />
    <${Rules} client=${client} name=${type.name} />
    ${!type.built_in && html`<${History} client=${client} path=${path} command="event-type" id=${type.name} version=${type.updated_at} />`}
    ${deleting &&
    html`<${Confirm}
      title=${t("type.delete_title", { name: type.name })}
      body=${t("type.delete_body")}
      action=${t("type.delete")}
      command=${shellLine("event-type", "delete", type.name, "--yes")}
      onConfirm=${async () => {
        await client.delete(path);
        go("/types");
      }}
      onClose=${() => setDeleting(false)}
      danger
    />`}
  `;
}

/** @param {{client: import("../../service/client.js").Client, path: string, name: string}} props */
function Sample({ client, path, name }) {
  const found = useLoaded((signal) => client.get(`${path}/sample`, {}, { signal }), [path]);
  return html`
    <${Panel} title=${t("type.sample")}>
      <p class="soft">${t("type.sample_hint")}</p>
      <${Fault} problem=${found.problem} retry=${found.reload} />
      ${!found.value && found.loading && html`<${Loading} />`}
      ${found.value && html`<${Text} value=${found.value.notification_data} label=${t("type.sample_fields")} />`}
      <${Command} line=${shellLine("event", "emit", name, "--sample")} />
    <//>
  `;
}

/** @param {{client: import("../../service/client.js").Client, name: string}} props */
function Rules({ client, name }) {
  const rules = useLoaded((signal) => rulesOf(client, { rule_types: [name] }, signal), [name]);
  return html`
    <${Panel} title=${t("type.rules")}>
      <${Fault} problem=${rules.problem} retry=${rules.reload} />
      ${!rules.value && rules.loading && html`<${Loading} />`}
      ${rules.value && html`<${RulesTable} rules=${rules.value} caption=${t("type.rules")} empty=${t("type.no_rules")} of="channel" />`}
      <${Command} line=${shellLine("rule", "list", "--rule-types", name)} />
    <//>
  `;
}
