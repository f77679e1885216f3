// The texts of the console in the language that was chosen. Components ask for them by name: t("deliveries.retry_all", {count: 3}).

import { useEffect, useState } from "../html.js";
import en from "./en.js";

/** @type {Record<string, {name: string, load: () => Promise<any>}>} */
export const LANGUAGES = {
  en: { name: "English", load: async () => en },
  ko: { name: "한국어", load: async () => (await import("./ko.js")).default },
};

const KEPT = "language";
const CHANGED = "languagechanged";

/** The one language of the page; it is a property of the document as much as its title. */
let chosen = "en";
/** @type {any} */
let texts = en;

/** Take the language that was chosen before, or else the browser's. */
export function startLanguage() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((name) => name.slice(0, 2))];
  return use(wanted.find((code) => code && code in LANGUAGES) ?? "en");
}

/**
 * Choose a language, also for the next time.
 * @param {string} code
 */
export async function setLanguage(code) {
  localStorage.setItem(KEPT, code);
  await use(code);
  dispatchEvent(new Event(CHANGED));
}

export function language() {
  return chosen;
}

/** Show a component anew when the language changes. */
export function useLanguage() {
  const [, setShown] = useState(chosen);
  useEffect(() => {
    const changed = () => setShown(chosen);
    addEventListener(CHANGED, changed);
    return () => removeEventListener(CHANGED, changed);
  }, []);
  return chosen;
}

/**
 * Return a text. `{name}` in it is replaced by the value of that name; a text with the forms `one` and `other` is chosen by `count`.
 * @param {string} name like "section.text"
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(name, values = {}) {
  const found = name.split(".").reduce((part, key) => part?.[key], texts);
  const text = typeof found === "object" && found ? (found[plural(Number(values.count))] ?? found.other) : found;
  if (typeof text !== "string") return name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? written(values[key]) : whole));
}

/**
 * Tell whether there is a text, so that a word of the service that has none can be shown as it is.
 * @param {string} name
 */
export function hasText(name) {
  return name.split(".").reduce((part, key) => part?.[key], texts) !== undefined;
}

/** @param {number} count */
function plural(count) {
  return new Intl.PluralRules(chosen).select(count);
}

/** @param {string | number} value */
function written(value) {
  return typeof value === "number" ? value.toLocaleString(chosen) : value;
}

/** @param {string} code */
async function use(code) {
  texts = await LANGUAGES[code].load();
  chosen = code;
  document.documentElement.lang = code;
}
