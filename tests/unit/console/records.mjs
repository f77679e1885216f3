// Answers, line by line, what the console's pages of events and deliveries decide: {"call": name, "given": [...]}.
import { createInterface } from "node:readline";
import { clauseFault } from "./site/conditions/judging.js";
import * as deliveries from "./site/pages/deliveries/query.js";
import { isLeftOut, retryAll } from "./site/pages/deliveries/retrying.js";
import { byLeaf, grouped, sending } from "./site/pages/event/grouping.js";
import { lookAgain, steps } from "./site/pages/event/steps.js";
import { suggested, unknownField } from "./site/pages/events/fields.js";
import { merged } from "./site/pages/events/merging.js";
import * as events from "./site/pages/events/query.js";
import { elapsed, parseTime } from "./site/parts/times.js";
import { cut, visible, visibleText } from "./site/parts/visible.js";
import en from "./site/texts/en.js";
import ko from "./site/texts/ko.js";

const CALLS = {
  ...{ isLeftOut, grouped, byLeaf, sending, lookAgain, steps, clauseFault, suggested, unknownField, merged, elapsed, parseTime, cut, visible, visibleText },
  eventCommand: events.command,
  deliveryCommand: deliveries.command,
  clauseTexts: () => [en, ko].map(({ events: { clause } }) => Object.keys(clause)),
  retried: retriedWith,
};

/**
 * Retry as many deliveries as there are lists; each list has the statuses of the responses to one of them.
 * @param {number[][]} statuses
 * @param {number} [stopAt] after which of them somebody stops it
 */
async function retriedWith(statuses, stopAt) {
  const asked = [];
  const told = [];
  const client = {
    post: async (path) => {
      const id = path.split("/").at(-2);
      asked.push(id);
      const status = statuses[Number(id)].shift();
      if (status !== 202) throw { status };
    },
  };
  const stop = new AbortController();
  const found = statuses.map((_, id) => ({ id: String(id) }));
  const progress = await retryAll(client, found, "recorded", stop.signal, ({ done, failures }) => {
    told.push([done, failures.length]);
    if (told.length === stopAt) stop.abort();
  });
  return { asked, told, progress };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, given } = JSON.parse(line);
  console.log(JSON.stringify((await CALLS[call](...given)) ?? null));
}
