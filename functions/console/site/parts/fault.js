// Tells what went wrong, in the words of the service, with each faulty field if it names some.

import { html } from "../html.js";
import { hasText, t } from "../texts/t.js";
import { Button } from "./button.js";

/**
 * @param {object} props
 * @param {any} props.problem a Problem, any other error, a text; nothing is shown of null
 * @param {() => void} [props.retry]
 */
export function Fault({ problem, retry }) {
  if (!problem) return null;
  const errors = problem.errors ?? [];
  return html`
    <div class="fault" role="alert">
      <p><strong>${titleOf(problem)}</strong> ${errors.length === 0 && detailOf(problem)}</p>
      ${errors.length > 0 && html`<ul>${errors.map((/** @type {any} */ error) => html`<li><code>${error.loc?.slice(1).join(".")}</code> ${error.msg}</li>`)}</ul>`}
      ${retry && html`<${Button} onClick=${retry}>${t("fault.retry")}<//>`}
    </div>
  `;
}

/** @param {any} problem */
function titleOf(problem) {
  if (typeof problem === "string") return problem;
  return isOurs(problem) ? t(`fault.${problem.kind}`) : problem.title || (problem.status ? `HTTP ${problem.status}` : problem.name);
}

/** @param {any} problem */
function detailOf(problem) {
  if (typeof problem === "string" || problem.kind === "auth-failed") return "";
  return problem.status === undefined ? problem.message : problem.detail;
}

/** @param {any} problem */
function isOurs(problem) {
  return problem.kind && hasText(`fault.${problem.kind}`);
}
