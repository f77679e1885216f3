// Hooks that ask the service: once, and again and again.

import { useCallback, useEffect, useRef, useState } from "../html.js";

/**
 * @template T
 * @typedef {object} Loaded
 * @property {T | null} value the last that came, also while the next is on its way
 * @property {any} problem why the last did not come
 * @property {boolean} loading
 * @property {number} turn how many have come, or failed
 * @property {() => Promise<void>} reload
 */

/**
 * Load something now, and again whenever one of `deps` changes; what comes too late is ignored.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {unknown[]} deps
 * @returns {Loaded<T>}
 */
export function useLoaded(load, deps) {
  const [state, setState] = useState(/** @type {{value: T | null, problem: any, loading: boolean, turn: number}} */ ({ value: null, problem: null, loading: true, turn: 0 }));
  const running = useRef(/** @type {AbortController | null} */ (null));
  const latest = useRef(load); // with the client of now: somebody may have signed in again
  latest.current = load;
  const reload = useCallback(async () => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setState((before) => ({ ...before, loading: true }));
    try {
      const value = await latest.current(mine.signal);
      if (!mine.signal.aborted) setState(({ turn }) => ({ value, problem: null, loading: false, turn: turn + 1 }));
    } catch (problem) {
      if (!mine.signal.aborted) setState(({ value, turn }) => ({ value, problem, loading: false, turn: turn + 1 }));
    }
  }, deps);
  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);
  return { ...state, reload };
}

/**
 * Load something now and `seconds` after each response, as long as the tab can be seen.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {number} seconds 0 for once
 * @param {unknown[]} deps
 * @returns {Loaded<T>}
 */
export function usePolled(load, seconds, deps) {
  const loaded = useLoaded(load, deps);
  const { loading, turn, reload } = loaded;
  useEffect(() => {
    if (!seconds || loading) return undefined;
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(reload, seconds * 1000);
    };
    const seen = () => (document.hidden ? clearTimeout(timer) : reload());
    wait();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [seconds, loading, turn, reload]); // what fails at once never shows as loading
  return loaded;
}
