// Answers, line by line, what the console's pages of channels, event types and mutes decide: {"call": name, "given": [...]}.
import { createInterface } from "node:readline";
import { changes, creation, draftOf, rebased } from "./site/pages/channel/draft.js";
import { changeLine, creationLine, isCredential } from "./site/pages/channel/line.js";
import { suggested } from "./site/pages/channel/presets.js";
import { readRetry, retryText } from "./site/pages/channel/retries.js";
import * as states from "./site/pages/channel/states.js";
import { bodyOf, draftOf as muteDraftOf, lineOf } from "./site/pages/mutes/draft.js";
import { inForce, weekOf } from "./site/pages/mutes/week.js";
import { parse, spelled } from "./site/pages/mutes/windows.js";
import { linesOf } from "./site/parts/difference.js";
import { withoutPath } from "./site/parts/url.js";
import { fields } from "./site/pages/type/schema.js";
import { read } from "./site/pages/type/json-text.js";

const CALLS = {
  ...{ suggested, isCredential, readRetry, retryText, inForce, weekOf, parse, spelled, linesOf, withoutPath, fields, read },
  standing: states.standing,
  limits: () => ({ ...states }),
  created: (given, meant) => [creation({ ...draftOf(null), ...given }, meant), creationLine({ ...draftOf(null), ...given }, meant)],
  changed: (stored, given) => [changes({ ...draftOf(stored), ...given }, stored), changeLine({ ...draftOf(stored), ...given }, stored)],
  rebased: (stored, given, present) => changes(rebased({ ...draftOf(stored), ...given }, stored, present), present),
  muted: (given, now) => [bodyOf({ ...muteDraftOf({}, "UTC"), ...given }, now), lineOf({ ...muteDraftOf({}, "UTC"), ...given })],
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, given } = JSON.parse(line);
  console.log(JSON.stringify(CALLS[call](...given) ?? null));
}
