// One rule: its editor, what it would do to an event, how often it would have fired, and its history.

import { html, useEffect } from "../../html.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { History } from "../../parts/history.js";
import { useLoaded } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Managed } from "../../parts/managed.js";
import { Status } from "../../parts/status.js";
import { Time } from "../../parts/time.js";
import { useUnsaved } from "../../parts/unsaved.js";
import { searchAll } from "../../service/search.js";
import { go, link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Actions } from "./actions.js";
import { Backtest } from "./backtest.js";
import { Basics } from "./basics.js";
import { Condition } from "./condition.js";
import { useEditing } from "./editing.js";
import { Frequency } from "./frequency.js";
import { Message } from "./message.js";
import { pathOf, Saving } from "./saving.js";
import { Trial } from "./trial.js";

const NEW = "new";

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Rule(props) {
  const { client, id = NEW, params } = props;
  const { value, problem, reload } = useLoaded((signal) => everything(client, id, signal), [client, id]);
  if (!value) return problem ? html`<${Heading} title=${t("rule.title")} /><${Fault} problem=${problem} retry=${reload} />` : html`<${Loading} />`;
  const { rule, types, channels } = value;
  const start = rule ?? { rule_type: params["type"], channel_id: params["channel"] };
  return html`<${Editor} ...${props} stored=${rule} start=${start} types=${types} channels=${channels} />`;
}

/** @param {import("../../service/client.js").Client} client @param {string} id @param {AbortSignal} signal */
async function everything(client, id, signal) {
  const [{ event_types: types }, channels, found] = await Promise.all([
    client.get("/notifications/event-types", {}, { signal }),
    searchAll(client, "channels", { signal }),
    id === NEW ? null : client.get(pathOf(id), { custom: true }, { signal }),
  ]);
  return { types, channels, rule: found?.rule ?? null };
}

/** @param {import("../../shell/pages.js").PageProps & {stored: any, start: any, types: any[], channels: any[]}} props */
function Editor({ client, can, params, setParams, stored, start, types, channels }) {
  const editing = useEditing(stored, start);
  const { rule, form, changed, change, take, faults, isNew } = editing;
  const { question } = useUnsaved(changed);
  useEffect(() => {
    if (stored === null && !isNew && !changed) go(`/rules/${rule.id}`, params); // it was created
  }, [isNew, changed]);
  const disabled = !can("editor");
  const eventType = types.find(({ name }) => name === form.rule_type);
  const shared = { form, onChange: change, faults, disabled, eventType, channel: channels.find(({ id }) => id === form.channel_id) };
  const tried = { client, form, identity: editing.identity, changed, ready: editing.isReady };
  return html`
    <${Heading} title=${isNew ? t("rule.new") : rule.name} lead=${html`<${Lead} rule=${rule} />`}>
      ${!isNew && html`<${Actions} client=${client} rule=${rule} can=${can} changed=${changed} onChanged=${take} />`}
    <//>
    ${disabled && html`<p class="soft">${t("rule.read_only")}</p>`}
    <${Managed} managed=${rule?.managed} />
    ${editing.warnings.map((warning) => html`<p class="warning" role="status" key=${warning}><span aria-hidden="true">▲ </span>${warning}</p>`)}
    <div class="editor">
      <form class="stack" autocomplete="off" aria-label=${t("rule.editor")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <${Basics} ...${shared} types=${types} channels=${channels} isNew=${isNew} />
        <${Condition} ...${shared} form=${form.condition} onChange=${(/** @type {any} */ condition) => change({ condition })} />
        <${Message} ...${shared} />
        <${Frequency} ...${shared} />
      </form>
      <div class="beside stack">
        <${Trial} ...${tried} eventId=${params["event"] ?? ""} onEvent=${(/** @type {string} */ event) => setParams({ event })} onProblem=${editing.setTryProblem} />
      </div>
    </div>
    <${Backtest} ...${tried} span=${params["since"] ?? "7d"} onSpan=${(/** @type {string} */ since) => setParams({ since })} />
    ${!isNew && html`<${History} client=${client} path=${pathOf(rule.id)} command="rule" id=${rule.id} mayRevert=${!disabled && !changed} onReverted=${() => reread(client, rule.id, take)} version=${rule.updated_at} />`}
    ${!disabled && html`<${Saving} client=${client} form=${form} rule=${rule} changed=${changed} onSaved=${take} onDiscard=${editing.discard} onLoaded=${take} onProblem=${editing.setProblem} problem=${editing.problem} />`}
    ${question}
  `;
}

/** @param {import("../../service/client.js").Client} client @param {string} id @param {(rule: any) => void} take */
async function reread(client, id, take) {
  const { rule } = await client.get(pathOf(id), { custom: true });
  take(rule);
}

/** @param {{rule: any}} props */
function Lead({ rule }) {
  const back = html`<a href=${link("/rules")}>${t("rules.menu")}</a>`;
  if (rule === null) return back;
  const state = rule.enabled && rule.observe ? "observing" : rule.enabled ? "enabled" : "disabled";
  return html`${back} · <${Status} value=${state} /> · <span class="mono">${rule.id}</span> · ${t("rule.changed")} <${Time} at=${rule.updated_at} />`;
}
