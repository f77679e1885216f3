// The builder of a condition: rows of field, operator and values, and groups of them.

import { html, useId } from "../../html.js";
import { Button } from "../../parts/button.js";
import { t } from "../../texts/t.js";
import { literal } from "./clauses/items.js";
import { fitting, OPERATORS } from "./clauses/operators.js";
import { itemClause } from "./clauses/writing.js";
import { ofField } from "./faults.js";
import { Values } from "./values.js";

/** @typedef {import("./clauses/tree.js").Group} Group */
/** @typedef {import("./clauses/tree.js").Item} Item */
/** @typedef {import("./clauses/tree.js").Row} Row */
/** @typedef {import("../../conditions/fields.js").Field} Field */
/**
 * What all of the builder knows. `own`: what it found itself; `told`: what the service says.
 * @typedef {{fields: Field[], list: string, own: import("./clauses/tree.js").Fault[], told: import("./faults.js").Fault[], disabled: boolean}} About
 */

/** @type {Row} */
const BLANK = { kind: "row", path: [""], operator: "is", values: [] };

/**
 * @param {object} props
 * @param {Group} props.tree
 * @param {(tree: Group) => void} props.onChange
 * @param {Field[]} props.fields
 * @param {import("./clauses/tree.js").Fault[]} props.own
 * @param {import("./faults.js").Fault[]} props.told
 * @param {boolean} props.disabled
 */
export function Builder({ tree, onChange, fields, own, told, disabled }) {
  const list = useId();
  const about = { fields, list, own, told, disabled };
  return html`
    <div class="builder">
      <datalist id=${list}>${fields.map(({ path, description }) => html`<option value=${path} key=${path}>${description}</option>`)}</datalist>
      ${tree.items.length === 0 && html`<p class="soft">${t("rule.all_events")}</p>`}
      <${GroupOf} group=${tree} at=${[]} onChange=${onChange} about=${about} />
    </div>
  `;
}

/** @param {{group: Group, at: number[], onChange: (group: Group) => void, about: About}} props */
function GroupOf({ group, at, onChange, about }) {
  const change = (/** @type {number} */ number, /** @type {Item} */ item) => onChange({ ...group, items: group.items.with(number, item) });
  const remove = (/** @type {number} */ number) => onChange({ ...group, items: group.items.toSpliced(number, 1) });
  const add = (/** @type {Item} */ item) => onChange({ ...group, items: [...group.items, item] });
  const inner = group.kind === "all" ? "any" : "all";
  // An event pattern has one list of alternatives in each group.
  const isFull = group.kind === "all" && group.items.some((item) => item.kind === "any");
  const blank = /** @type {Item} */ ({ kind: inner, items: [BLANK, BLANK] });
  const fault = faultAt(about, at, group);
  return html`
    <div class=${`group ${group.kind}`} role="group" aria-label=${t(`rule.group.${group.kind}`)}>
      ${(at.length > 0 || group.items.length > 1) && html`<p class="group-title">${t(`rule.group.${group.kind}`)}</p>`}
      ${group.items.map((item, number) => {
        const props = { at: [...at, number], about, onRemove: () => remove(number), onChange: (/** @type {Item} */ changed) => change(number, changed) };
        return html`
          ${number > 0 && group.kind === "any" && html`<span class="between">${t("rule.or")}</span>`}
          <${ItemOf} key=${number} item=${item} ...${props} />
        `;
      })}
      ${fault && html`<p class="wrong">${fault}</p>`}
      ${!about.disabled && html`
        <div class="row">
          <${Button} onClick=${() => add(BLANK)}>${t("rule.add_field")}<//>
          ${!isFull && html`<${Button} kind="plain" onClick=${() => add(blank)}>${t(`rule.add_group.${inner}`)}<//>`}
        </div>
      `}
    </div>
  `;
}

/** @param {{item: Item, at: number[], onChange: (item: Item) => void, onRemove: () => void, about: About}} props */
function ItemOf({ item, at, onChange, onRemove, about }) {
  if (item.kind === "row") return html`<${RowOf} row=${item} at=${at} onChange=${onChange} onRemove=${onRemove} about=${about} />`;
  const name = item.kind === "raw" ? item.path.join(".") : t(`rule.group.${item.kind}`);
  return html`
    <div class="item">
      ${item.kind === "raw"
        ? html`<div class="raw"><code>${itemClause(item) ?? JSON.stringify({ [name]: item.json })}</code><p class="hint">${t("rule.kept")}</p></div>`
        : html`<${GroupOf} group=${item} at=${at} onChange=${onChange} about=${about} />`}
      ${!about.disabled && html`<${Remove} name=${name} onRemove=${onRemove} />`}
    </div>
  `;
}

/** @param {{row: Row, at: number[], onChange: (row: Row) => void, onRemove: () => void, about: About}} props */
function RowOf({ row, at, onChange, onRemove, about }) {
  const id = useId();
  const path = row.path.join(".");
  const field = about.fields.find((each) => each.path === path);
  const kinds = field?.kinds ?? null;
  const operator = OPERATORS[row.operator];
  const offered = fitting(kinds);
  const names = offered.includes(row.operator) ? offered : [row.operator, ...offered];
  const own = about.own.find((fault) => fault.at.join() === at.join())?.fault;
  const told = own ? t(`rule.fault.${own}`) : path && ofField(about.told, path);
  const hint = field?.description;
  const rename = (/** @type {any} */ event) => onChange(renamed(row, event.currentTarget.value, about.fields));
  const operate = (/** @type {any} */ event) => onChange(operated(row, event.currentTarget.value));
  return html`
    <div class="item condition-row">
      <input
        class="input mono"
        list=${about.list}
        aria-label=${t("rule.field")}
        aria-invalid=${(told && own !== "value") || undefined}
        aria-describedby=${[hint && `${id}-hint`, told && `${id}-fault`].filter(Boolean).join(" ") || undefined}
        title=${path || undefined}
        placeholder=${t("rule.field")}
        disabled=${about.disabled}
        autocomplete="off"
        spellcheck=${false}
        value=${path}
        onInput=${rename}
      />
      <select class="input" aria-label=${t("rule.operator")} value=${row.operator} disabled=${about.disabled} onChange=${operate}>
        ${names.map((name) => html`<option key=${name} value=${name}>${t(`rule.operators.${name}`)}</option>`)}
      </select>
      <${Values}
        takes=${operator?.takes ?? "many"}
        values=${row.values}
        kinds=${valueKinds(operator?.kinds ?? [], kinds)}
        known=${row.operator.startsWith("is") ? (field?.values ?? []) : []}
        label=${t("rule.value_of", { field: path || t("rule.field") })}
        wrong=${own === "value"}
        disabled=${about.disabled}
        onChange=${(/** @type {any[]} */ values) => onChange({ ...row, values })}
      />
      ${!about.disabled && html`<${Remove} name=${path || t("rule.field")} onRemove=${onRemove} />`}
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${told && html`<p class="wrong" id=${`${id}-fault`}>${told}</p>`}
    </div>
  `;
}

/** @param {{name: string, onRemove: () => void}} props */
function Remove({ name, onRemove }) {
  return html`<${Button} kind="plain" label=${t("rule.remove", { name })} onClick=${onRemove}>×<//>`;
}

/** Operators for texts take texts only, whatever else the field may have. */
function valueKinds(/** @type {any[]} */ taken, /** @type {any[] | null} */ kinds) {
  return taken.length === 1 ? taken : kinds;
}

/** @param {Row} row @param {string} path @param {Field[]} fields @returns {Row} */
function renamed(row, path, fields) {
  const kinds = fields.find((field) => field.path === path)?.kinds ?? null;
  const offered = fitting(kinds);
  const changed = { ...row, path: path.split(".") };
  return offered.includes(row.operator) ? changed : operated(changed, offered[0] ?? "is");
}

/** @param {Row} row @param {string} operator @returns {Row} */
function operated(row, operator) {
  const [from, to] = [OPERATORS[row.operator], OPERATORS[operator]];
  const keeps = from?.takes === to?.takes && row.values.every((value) => to?.kinds.includes(kindOf(value)));
  if (operator === "any_of" && row.operator === "is") return { ...row, operator, values: row.values.map(literal) };
  return { ...row, operator, values: keeps ? row.values : [] };
}

/** @param {import("../../conditions/json.js").Scalar} value @returns {import("../../conditions/fields.js").Kind} */
function kindOf(value) {
  if (value === null) return "null";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

/** @param {About} about @param {number[]} at @param {Group} group */
function faultAt(about, at, group) {
  const found = about.own.find((fault) => fault.at.join() === at.join() && (fault.fault === "few" || fault.fault === "one_any"));
  return at.length > 0 && group && found ? t(`rule.fault.${found.fault}`) : null;
}
