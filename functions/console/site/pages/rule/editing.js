// What the editor holds: the rule as it is stored, the form, and what is wrong with it.

import { same } from "../../conditions/json.js";
import { useMemo, useState } from "../../html.js";
import { changesOf, conditionOf, documentOf, formOf } from "./draft.js";
import { faultsOf } from "./faults.js";

/** @typedef {import("./draft.js").Form} Form */

/**
 * @param {any} stored the rule as it was loaded; null for a new one
 * @param {any} start what the form begins with
 */
export function useEditing(stored, start) {
  const [rule, setRule] = useState(stored);
  const [form, setForm] = useState(() => formOf(start));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [tryProblem, setTryProblem] = useState(/** @type {any} */ (null));
  const [warnings, setWarnings] = useState(/** @type {string[]} */ ([]));
  const isNew = rule === null;
  const identity = useMemo(() => (isNew ? { name: crypto.randomUUID() } : { id: rule.id }), [isNew]);
  const reset = (/** @type {any} */ to) => {
    setForm(formOf(to));
    setProblem(null);
  };
  const change = (/** @type {Partial<Form>} */ some) => {
    setForm((before) => ({ ...before, ...some }));
    setProblem(null);
  };
  const take = (/** @type {any} */ made, /** @type {string[]} */ told = []) => {
    setRule(made);
    setWarnings(told);
    reset(made);
  };
  const faults = [problem, tryProblem].filter(Boolean).flatMap((each) => faultsOf(each, form.message_template));
  return {
    ...{ rule, form, identity, isNew, faults, problem, warnings, change, take, setProblem, setTryProblem },
    changed: isChanged(form, rule, start),
    isReady: isReady(form),
    discard: () => reset(rule ?? start),
  };
}

/** @param {Form} form @param {any} rule @param {any} start */
function isChanged(form, rule, start) {
  if (isBroken(form)) return true;
  return rule === null ? !same(documentOf(form), documentOf(formOf(start))) : Object.keys(changesOf(form, rule)).length > 0;
}

/** Tell whether there is enough of the rule to try it. @param {Form} form */
function isReady(form) {
  return Boolean(form.rule_type && form.channel_id) && !isBroken(form) && !(form.own && !form.message_template);
}

/** @param {Form} form */
function isBroken(form) {
  const { faults, problem } = conditionOf(form.condition);
  return Boolean(faults || problem);
}
