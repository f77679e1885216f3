// A choice of a period: the last hour, ..., or from one time to another.

import { html, useState } from "../html.js";
import { serverNow } from "../service/clock.js";
import { t } from "../texts/t.js";
import { Field } from "./field.js";
import { Select } from "./select.js";
import { parseTime } from "./times.js";

const LASTING = ["15m", "1h", "24h", "7d", "30d"];

/**
 * @param {object} props
 * @param {string | undefined} props.since as the command line takes it, like 24h or 2026-01-15T10:30
 * @param {string | undefined} props.until
 * @param {(changed: {since?: string | null, until?: string | null}) => void} props.onChange
 */
export function Period({ since = "", until = "", onChange }) {
  const isOwn = until !== "" || (since !== "" && !LASTING.includes(since));
  const [open, setOpen] = useState(isOwn);
  const choose = (/** @type {string} */ value) => {
    setOpen(value === "own");
    if (value !== "own") onChange({ since: value, until: null });
  };
  const options = [
    { value: "", label: t("part.any_time") },
    ...LASTING.map((value) => ({ value, label: t(`part.last_${value}`) })),
    { value: "own", label: t("part.own_time") },
  ];
  return html`
    <${Select} label=${t("part.period")} value=${open || isOwn ? "own" : since} onChange=${choose} options=${options} />
    ${(open || isOwn) && html`
      <${Bound} label=${t("part.since")} value=${since} onChange=${(/** @type {string} */ value) => onChange({ since: value })} />
      <${Bound} label=${t("part.until")} value=${until} onChange=${(/** @type {string} */ value) => onChange({ until: value })} />
    `}
  `;
}

/** @param {{label: string, value: string, onChange: (value: string) => void}} props */
function Bound({ label, value, onChange }) {
  const problem = isTime(value) ? null : t("part.no_time");
  return html`<${Field} label=${label} value=${value} onInput=${onChange} problem=${problem} placeholder="24h, 2026-01-15 09:00" mono />`;
}

/**
 * Tell whether a period can be asked for: one with a bound that is no time must not be taken for one without.
 * @param {{since?: string, until?: string}} params
 */
export function isPeriod({ since, until }) {
  return isTime(since) && isTime(until);
}

/**
 * Tell whether a text is a time, or nothing.
 * @param {string | undefined} text
 */
function isTime(text) {
  return !text || parseTime(text, serverNow()) !== null;
}
