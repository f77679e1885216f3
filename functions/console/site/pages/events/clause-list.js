// The clauses of a search: each with its fault, told where it is; and a field for another one.

import { clauseFault } from "../../conditions/judging.js";
import { html, useRef, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { t } from "../../texts/t.js";
import { suggested, unknownField } from "./fields.js";

/** @typedef {import("../../conditions/scanning.js").ClauseFault} ClauseFault */

const MOST_CLAUSES = 50;

/**
 * @param {object} props
 * @param {string} props.where the clauses, one a line
 * @param {(where: string) => void} props.onChange
 * @param {import("./fields.js").EventType[]} props.schemas of the types that are searched
 * @param {any} props.problem what the service says of them
 */
export function Clauses({ where, onChange, schemas, problem }) {
  const clauses = where.split("\n").filter((clause) => clause.trim());
  const refusals = /** @type {any[]} */ (problem?.errors ?? []).filter(({ loc }) => loc[0] === "where");
  const all = useRef(/** @type {HTMLElement | null} */ (null));
  const remove = (/** @type {number} */ index) => {
    onChange(clauses.toSpliced(index, 1).join("\n"));
    all.current?.querySelector("input")?.focus(); // the button goes, and would take the focus with it
  };
  return html`
    <div class="clauses" ref=${all}>
      ${clauses.length > 0 && html`
        <ul aria-label=${t("events.clauses")}>
          ${clauses.map((clause, index) => html`
            <li key=${clause}>
              <span class="clause"><code><${Value} value=${clause} /></code> <${Button} kind="plain" label=${t("events.remove_clause", { clause: visible(clause, 80) })} onClick=${() => remove(index)}>×<//></span>
              <${Told} clause=${clause} schemas=${schemas} refusal=${refusals.find(({ loc }) => isAbout(loc[1], clause, clauses))} />
            </li>
          `)}
        </ul>
      `}
      ${clauses.length < MOST_CLAUSES && html`<${Another} schemas=${schemas} add=${(/** @type {string} */ clause) => onChange([...clauses, clause].join("\n"))} />`}
    </div>
  `;
}

/**
 * Tell whether the service speaks of this clause: it names it, shortened if it is long, or none if it means all.
 * @param {string} place
 * @param {string} clause
 * @param {string[]} clauses
 */
function isAbout(place, clause, clauses) {
  const beginning = place.replace(/…$/, "");
  return beginning && clauses.some((one) => one.startsWith(beginning)) ? clause.startsWith(beginning) : clause === clauses.at(-1);
}

/** @param {{clause: string, schemas: any[], refusal: any}} props */
function Told({ clause, schemas, refusal }) {
  const fault = clauseFault(clause);
  if (fault) return html`<p class="wrong" role="alert"><${FaultText} clause=${clause} fault=${fault} /></p>`;
  if (refusal) return html`<p class="wrong" role="alert">${t("events.clause.refused")} <span lang="en"><${Value} value=${refusal.msg} /></span></p>`;
  const unknown = unknownField(clause, schemas);
  return unknown && html`<p class="hint">${t("events.clause.unknown_field", unknown)}</p>`;
}

/** @param {{schemas: any[], add: (clause: string) => void}} props */
function Another({ schemas, add }) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const fault = tried && text.trim() ? clauseFault(text) : null;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setTried(true);
    if (!text.trim() || clauseFault(text)) return;
    add(text.trim());
    setText("");
    setTried(false);
  };
  const problem = fault && html`<${FaultText} clause=${text} fault=${fault} />`;
  return html`
    <form class="add-clause" onSubmit=${submit}>
      <${Field} label=${t("events.clause_label")} value=${text} onInput=${setText} problem=${problem} mono placeholder="status=ERROR" hint=${t("events.clause_hint")} suggestions=${suggested(schemas)} />
      <${Button} type="submit">${t("events.add_clause")}<//>
    </form>
  `;
}

/**
 * What is wrong, and the clause with the place marked.
 * @param {{clause: string, fault: ClauseFault}} props
 */
function FaultText({ clause, fault }) {
  const before = clause.slice(0, fault.at);
  const rest = clause.slice(fault.at) || " ";
  return html`
    <span>${t(`events.clause.${fault.code}`, fault.values)}</span>
    <code class="place" aria-hidden="true"><bdi>${visible(before)}<mark>${visible(rest)}</mark></bdi></code>
  `;
}
