// A hook that loads something, and again as soon as something new can be expected.

import { useState } from "../html.js";
import { usePolled } from "./loaded.js";

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {(value: T) => number} secondsAfter in how many seconds to look again; 0 if nothing happens any more by itself
 * @param {unknown[]} deps
 * @returns {import("./loaded.js").Loaded<T>}
 */
export function useWatched(load, secondsAfter, deps) {
  const [seconds, setSeconds] = useState(0);
  return usePolled(
    async (signal) => {
      const value = await load(signal);
      setSeconds(secondsAfter(value));
      return value;
    },
    seconds,
    deps,
  );
}
