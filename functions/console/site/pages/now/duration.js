// How long something has taken, in the largest unit of which it is more than one.

import { language } from "../../texts/t.js";

/** @param {number} seconds */
export function duration(seconds) {
  const [count, unit] = seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return Math.round(count).toLocaleString(language(), { style: "unit", unit, unitDisplay: "long" });
}
