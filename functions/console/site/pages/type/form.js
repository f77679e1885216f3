// The form of a custom event type: its schema is text, read at each keystroke, with what is wrong beside it.

import { html, useMemo, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Field } from "../../parts/field.js";
import { changedSince, Meanwhile } from "../../parts/meanwhile.js";
import { Panel } from "../../parts/panel.js";
import { problemOf } from "../../parts/problem-of.js";
import { useUnsaved } from "../../parts/unsaved.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { FieldsTable } from "./fields-table.js";
import { read } from "./json-text.js";

const TYPES = "/notifications/event-types";
const SCHEMA_FILE = "schema.json";
const ROWS = 18;

/** What a new type begins with. */
const EXAMPLE = {
  type: "object",
  properties: {
    project: { type: "string", description: "Name of the project" },
    used: { type: "integer", minimum: 0, description: "How much is used" },
  },
  required: ["project"],
  additionalProperties: false,
};

/**
 * @param {object} props
 * @param {import("../../service/client.js").Client} props.client
 * @param {any} props.stored null for a new type
 * @param {(type: any) => void} props.onSaved
 * @param {() => void} props.onClose
 */
export function TypeForm({ client, stored, onSaved, onClose }) {
  const [name, setName] = useState(stored?.name ?? "");
  const [description, setDescription] = useState(stored?.description ?? "");
  const before = useMemo(() => JSON.stringify(stored?.json_schema ?? EXAMPLE, null, 2), []);
  const [schema, setSchema] = useState(before);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [other, setOther] = useState(/** @type {import("../../parts/meanwhile.js").Other | null} */ (null));
  const parsed = useMemo(() => read(schema), [schema]);
  const told = parsed.fault ? t(`type.fault.${parsed.fault.kind}`, parsed.fault) : refusal(problem);
  const changed = {
    ...(description === (stored?.description ?? "") ? {} : { description }),
    ...(schema === before ? {} : { json_schema: parsed.value }),
  };

  const { question, release } = useUnsaved(name !== (stored?.name ?? "") || Object.keys(changed).length > 0);
  const close = () => {
    release();
    onClose();
  };

  const of = { client, path: `${TYPES}/${encodeURIComponent(stored?.name)}`, command: "event-type", id: stored?.name };
  const save = async (/** @type {string | undefined} */ seen) => {
    setBusy(true);
    setProblem(null);
    try {
      const found = stored && (await changedSince(of, "event_type", seen ?? ""));
      if (!found) {
        const made = { name, ...(description ? { description } : {}), json_schema: parsed.value };
        const response = await (stored ? client.patch(of.path, changed) : client.post(TYPES, made));
        release();
        return onSaved(response.event_type);
      }
      setOther(found);
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!parsed.fault) save(stored?.updated_at);
  };

  const line = shellLine(
    ...["event-type", stored ? "update" : "create", stored?.name ?? name],
    ...(!stored || "json_schema" in changed ? ["--schema-file", SCHEMA_FILE] : []),
    ...("description" in changed ? ["--description", description] : []),
  );
  return html`
    <form class="stack" onSubmit=${submit}>
      <div class="columns">
        <${Panel} title=${t("type.definition")}>
          ${!stored &&
          html`<${Field}
            label=${t("type.name")}
            hint=${t("type.name_hint")}
            value=${name}
            onInput=${setName}
            required
            problem=${problemOf(problem, "name")}
            mono
          />`}
          <${Field} label=${t("type.description")} value=${description} onInput=${setDescription} problem=${problemOf(problem, "description")} rows=${2} />
          <${Field} label=${t("type.schema")} hint=${t("type.schema_hint")} value=${schema} onInput=${setSchema} problem=${told} rows=${ROWS} mono />
        <//>
        <${Panel} title=${t("type.preview")}>
          ${parsed.value ? html`<${FieldsTable} schema=${parsed.value} />` : html`<p class="empty">${t("type.no_preview")}</p>`}
        <//>
      </div>
      <${Refused} problem=${problem} />
      <div class="row end">
        <${Button} onClick=${close}>${t("part.cancel")}<//>
        <${Button}
          type="submit"
          kind="primary"
          busy=${busy}
          disabled=${Boolean(parsed.fault) || (stored && Object.keys(changed).length === 0)}
        >${t(stored ? "type.save" : "types.create")}<//>
      </div>
      <${Command} line=${line} />
      <p class="hint">${t("type.file_hint", { file: SCHEMA_FILE })}</p>
      ${other && html`<${Meanwhile} of=${of} other=${other} onClose=${() => setOther(null)} onDiscard=${close} onSave=${() => save(other.present.updated_at)} />`}
      ${question}
    </form>
  `;
}

/** A refusal, with the rules that stand in the way.
 * @param {{problem: any}} props */
function Refused({ problem }) {
  const rules = problem?.data?.rules ?? [];
  return html`
    <${Fault} problem=${problem} />
    ${rules.length > 0 &&
    html`
      <ul>
        ${rules.map((/** @type {any} */ rule) => html`<li key=${rule.id}><a href=${link(`/rules/${rule.id}`)}><${Value} value=${rule.name} /></a>: ${rule.msg}</li>`)}
      </ul>
    `}
  `;
}

/**
 * @param {any} problem
 * @returns {string | null} what the service has against the schema
 */
function refusal(problem) {
  return problemOf(problem, "json_schema") ?? (problem?.detail?.startsWith("json_schema") ? problem.detail : null);
}
