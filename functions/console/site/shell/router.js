// Where the console is: a path and its filters, in the fragment of the URL, like #/deliveries?status=failed. So each view
// has a URL of its own, which the server never sees.

import { useEffect, useState } from "../html.js";

/** @typedef {Record<string, string>} RouteParams */

/**
 * @typedef {object} Route
 * @property {string} path
 * @property {RouteParams} params
 * @property {typeof go} go
 * @property {typeof setParams} setParams
 */

/**
 * Write what a link to a view refers to.
 * @param {string} path
 * @param {Record<string, unknown>} [params] null, undefined and "" are left out
 */
export function link(path, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#${path}${query && `?${query}`}`;
}

/**
 * Go to a view; the browser's "back" returns from it.
 * @param {string} path
 * @param {Record<string, unknown>} [params]
 */
export function go(path, params) {
  location.hash = link(path, params);
}

/**
 * Change some filters of this view. They replace the entry in the browser's history, unless `keep` is true.
 * @param {Record<string, unknown>} changed null, undefined and "" remove one
 * @param {{keep?: boolean}} [options]
 */
export function setParams(changed, { keep = false } = {}) {
  const { path, params } = current();
  const target = link(path, { ...params, ...changed });
  if (target === location.hash) return;
  if (keep) {
    location.hash = target;
  } else {
    history.replaceState(null, "", target);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

/** @returns {Route} the view that is shown, also when it changes */
export function useRoute() {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const changed = () => setRoute(current());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return { ...route, go, setParams };
}

/** @returns {{path: string, params: RouteParams}} */
function current() {
  const [path, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  return { path: path || "/", params: Object.fromEntries(new URLSearchParams(query)) };
}
