// A time: how long ago, or when by the clock here; by UTC when it is pointed at.

import { html } from "../html.js";
import { serverNow } from "../service/clock.js";
import { language } from "../texts/t.js";
import { useNow } from "./now.js";

const RELATIVE_HOURS = 24;
/** Often enough for minutes. */
const RENEWED_MILLISECONDS = 20_000;

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/**
 * @param {object} props
 * @param {string | null} props.at RFC 3339; nothing is shown of null
 * @param {boolean} [props.exact] by the clock, to the second, and never relative
 */
export function Time({ at, exact = false }) {
  const now = useNow(RENEWED_MILLISECONDS);
  if (!at) return html`<span aria-hidden="true">–</span>`;
  const time = new Date(at);
  const utc = `${at.slice(0, 19).replace("T", " ")} UTC`;
  return html`<time datetime=${at} title=${utc}>${exact ? byClock(time, "medium") : relative(time, now)}</time>`;
}

/**
 * @param {Date} time
 * @param {"short" | "medium"} precision with seconds if medium
 */
export function byClock(time, precision = "short") {
  const sameDay = time.toDateString() === new Date(serverNow()).toDateString();
  return time.toLocaleString(language(), { timeStyle: precision, hourCycle: "h23", ...(sameDay ? {} : { dateStyle: "medium" }) });
}

/**
 * @param {Date} time
 * @param {number} now milliseconds
 */
function relative(time, now) {
  const seconds = (time.getTime() - now) / 1000;
  if (Math.abs(seconds) >= RELATIVE_HOURS * 3600) return byClock(time);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" }).format(Math.round(seconds / size), unit);
}
