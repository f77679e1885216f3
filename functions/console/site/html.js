// What components are written with: markup in template strings, made into elements and text nodes, never parsed as HTML.
import htm from "./vendor/htm.js";
import { visible, visibleText } from "./parts/visible.js";
import { h } from "./vendor/preact.js";

/** Attributes that are shown, or said. */
const TOLD = ["title", "aria-label", "placeholder", "data-title"];

/**
 * Make an element. Any text of it may come from elsewhere, so here, once for all, each becomes one that cannot turn the
 * writing direction of what is around it; what fields hold stays as it is.
 * @param {any} type
 * @param {Record<string, any> | null} props
 * @param {...any} children
 */
function element(type, props, ...children) {
  const told = typeof type === "string" ? TOLD.filter((name) => typeof props?.[name] === "string") : [];
  const safe = told.length ? { ...props, ...Object.fromEntries(told.map((name) => [name, visible(props?.[name])])) } : props;
  return h(type, safe, ...children.map((child) => (typeof child === "string" ? visibleText(child) : child)));
}

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(element);

export { createContext, Fragment, render } from "./vendor/preact.js";
export {
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./vendor/preact-hooks.js";
