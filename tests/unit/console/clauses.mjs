// Answers, line by line, what the console's clauses make of a request: {"call": name, "given": ...}.
import { createInterface } from "node:readline";
import { fieldsOf } from "./clauses/fields.js";
import { patternOf } from "./clauses/reading.js";
import { drawn, written } from "./clauses/tree.js";
import { clausesOf } from "./clauses/writing.js";

const CALLS = { drawn, written, clauses: clausesOf, pattern: patternOf, fields: fieldsOf };

for await (const line of createInterface({ input: process.stdin })) {
  const { call, given } = JSON.parse(line);
  console.log(JSON.stringify(CALLS[call](given)));
}
