// What the service says is wrong with a rule, and where in the editor that is.

/**
 * `place`: the member of the rule; "" if it is about none. `line` and `column`: in the template, as far as they are known.
 * @typedef {{place: string, text: string, line?: number, column?: number}} Fault
 */

const PLACE = /^(?:body\.)?(?:rules?\.(?:\d+\.)?)?(name|description|rule_type|channel_id|channel|message_template|message|condition|event_filter|where|once_per|digest)((?:\.[^:]*)?): (.*)$/s;
const OF_TEMPLATES = "notification-template-rendering-failure";
const LINE = /\bline (\d+)(?:, column (\d+))?/;
const OF_THE_MESSAGE = "The message is not JSON";

/** @type {Record<string, string>} */
const SAME = { event_filter: "condition", where: "condition", channel: "channel_id" };

/**
 * Say where in the editor a problem is.
 * @param {any} problem @param {string} template @returns {Fault[]}
 */
export function faultsOf(problem, template) {
  const told = String(problem.detail || problem.message || "");
  const found = PLACE.exec(told);
  if (!found) return [problem.kind === OF_TEMPLATES ? inTemplate(told, template) : { place: "", text: told }];
  const [, member = "", rest = "", text = ""] = found;
  if (member === "message_template") return [inTemplate(text, template)];
  return [{ place: `${SAME[member] ?? member}${rest}`, text }];
}

/** @param {string} text @param {string} template @returns {Fault} */
function inTemplate(text, template) {
  const found = LINE.exec(text);
  /** @type {Fault} */
  const fault = { place: "message_template", text };
  if (!found) return fault;
  const line = Number(found[1]);
  const source = template.split("\n")[line - 1] ?? "";
  const before = template.split("\n").slice(0, line).join("\n");
  // A place in the message is one in the template only where nothing of the template adds or drops lines.
  if (text.includes(OF_THE_MESSAGE) && /\{[%#]/.test(before)) return fault;
  fault.line = line;
  const column = Number(found[2] ?? 0);
  if (column > 0 && !/\{[{%#]/.test(source.slice(0, column))) fault.column = column;
  return fault;
}

/**
 * Find what is wrong with a field of the condition: the service begins each part with its path.
 * @param {Fault[]} faults @param {string} path @returns {string | null}
 */
export function ofField(faults, path) {
  for (const { place, text } of faults) {
    if (!place.startsWith("condition")) continue;
    const part = text.split("; ").findIndex((each) => each.startsWith(`${path}: `));
    if (part < 0) continue;
    const parts = text.split("; ").slice(part);
    const next = parts.findIndex((each, at) => at > 0 && /^[^\s':]+: '/.test(each));
    return parts.slice(0, next < 0 ? undefined : next).join("; ").slice(path.length + 2);
  }
  return null;
}
