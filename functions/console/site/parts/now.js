// A hook for what changes by the time alone.

import { useEffect, useState } from "../html.js";
import { serverNow } from "../service/clock.js";

/**
 * Show a component anew every so often.
 * @param {number} milliseconds
 * @returns {number} the time
 */
export function useNow(milliseconds) {
  const [, setShown] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setShown((count) => count + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
  return serverNow();
}
