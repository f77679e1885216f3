// Answers, line by line, what the console's pages of rules decide: {"call": name, "given": [...]}.
import { createInterface } from "node:readline";
import { fieldsOf } from "./site/conditions/fields.js";
import { readable } from "./site/conditions/json.js";
import { patternOf } from "./site/pages/rule/clauses/reading.js";
import { drawn, written } from "./site/pages/rule/clauses/tree.js";
import { clausesOf } from "./site/pages/rule/clauses/writing.js";
import { changesOf, documentOf, draftOf, formOf } from "./site/pages/rule/draft.js";
import { faultsOf, ofField } from "./site/pages/rule/faults.js";
import { createLine, updateLine } from "./site/pages/rule/lines.js";
import { added, barsOf } from "./site/pages/rule/tally.js";

const changed = (rule, given) => changesOf({ ...formOf(rule), ...given }, rule);
const created = (given) => documentOf({ ...formOf({}), ...given });
const CALLS = {
  ...{ drawn, written, readable, faults: faultsOf, ofField, created, changed },
  clauses: clausesOf,
  pattern: patternOf,
  fields: fieldsOf,
  draft: (rule) => draftOf(formOf(rule), {}),
  creation: (given) => [created(given), createLine(created(given))],
  change: (rule, given) => [changed(rule, given), updateLine(rule.id, changed(rule, given))],
  sum: (pages) => pages.reduce(added, null),
  bars: (hours, since, until) => barsOf(hours, new Date(since), new Date(until)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, given } = JSON.parse(line);
  console.log(JSON.stringify(CALLS[call](...given) ?? null));
}
