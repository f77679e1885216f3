// A mute as its form has it, and what the form makes of it: the document of the API, and the line that does the same.

import { shellLine } from "../../parts/command.js";
import { spelled } from "./windows.js";

/** How long a mute may last, as the command line spells it, in seconds. */
export const LENGTHS = { "30m": 1_800, "1h": 3_600, "2h": 7_200, "8h": 28_800, "1d": 86_400, "3d": 259_200, "7d": 604_800 };

/** The days of a week's windows that a new one begins with: Saturday and Sunday. */
const WEEKEND = [5, 6];

/**
 * @typedef {{days: number[], from: string, to: string, zone: string}} WindowDraft
 * @typedef {ReturnType<typeof draftOf>} Draft
 */

/**
 * @param {Record<string, string>} params of the URL, which may name what is to be muted
 * @param {string} zone
 */
export function draftOf(params, zone) {
  return {
    reason: "",
    rule: params.rule ?? "",
    channel: params.channel ?? "",
    type: params.type ?? "",
    where: "",
    everything: false,
    when: /** @type {"for" | "until" | "weekly"} */ ("for"),
    length: /** @type {keyof typeof LENGTHS} */ ("2h"),
    until: "",
    windows: [windowOf(zone)],
    hold: false,
  };
}

/**
 * @param {string} zone
 * @returns {WindowDraft}
 */
export function windowOf(zone) {
  return { days: WEEKEND, from: "00:00", to: "24:00", zone };
}

/**
 * @param {Draft} draft
 * @param {number} now
 */
export function bodyOf(draft, now) {
  const clauses = clausesOf(draft);
  return {
    reason: draft.reason,
    ...(draft.everything
      ? { everything: true }
      : {
          ...(draft.rule ? { rule_id: draft.rule } : {}),
          ...(draft.channel ? { channel_id: draft.channel } : {}),
          ...(draft.type ? { rule_type: draft.type } : {}),
          ...(clauses.length ? { where: clauses } : {}),
        }),
    ...timesOf(draft, now),
    ...(draft.hold ? { hold: true } : {}),
  };
}

/**
 * @param {Draft} draft
 * @param {number} now
 * @returns {{until?: string, weekly?: string[]}}
 */
export function timesOf(draft, now) {
  const until = instantOf(draft.until);
  if (draft.when === "for") return { until: new Date(now + LENGTHS[draft.length] * 1000).toISOString() };
  if (draft.when === "until") return until ? { until } : {};
  return { weekly: draft.windows.map(windowText), ...(until ? { until } : {}) };
}

/**
 * @param {string} text local time, as the field has it; a year of six digits is none
 * @returns {string | undefined}
 */
function instantOf(text) {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** @param {WindowDraft} window */
export function windowText({ days, from, to, zone }) {
  return spelled(days, from, to, zone);
}

/**
 * @param {Draft} draft
 * @returns {string}
 */
export function lineOf(draft) {
  const { until, weekly = [] } = timesOf(draft, 0);
  return shellLine(
    ...["mute", "create", "--reason", draft.reason],
    ...(draft.everything
      ? ["--everything"]
      : [
          ...(draft.rule ? ["--rule", draft.rule] : []),
          ...(draft.channel ? ["--channel", draft.channel] : []),
          ...(draft.type ? ["--rule-type", draft.type] : []),
          ...clausesOf(draft).flatMap((clause) => ["--where", clause]),
        ]),
    ...(draft.when === "for" ? ["--for", draft.length] : until ? ["--until", until] : []),
    ...weekly.flatMap((text) => ["--weekly", text]),
    draft.hold && "--hold",
  );
}

/** @param {Draft} draft */
function clausesOf(draft) {
  return draft.where.split("\n").flatMap((line) => line.trim() || []);
}
