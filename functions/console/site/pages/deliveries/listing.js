// Pages of deliveries, one below the other.

import { useEffect, useRef, useState } from "../../html.js";
import { serverNow } from "../../service/clock.js";
import { query } from "./query.js";

const PAGE = 50;

/** @typedef {{rows: any[], next: string | null, problem: any, loading: boolean}} Listed */

/** @type {Listed} */
const NOTHING = { rows: [], next: null, problem: null, loading: true };

/**
 * @param {import("../../service/client.js").Client} client
 * @param {Record<string, string | undefined> | null} filters null: they cannot be read, so nothing is asked for
 */
export function useDeliveries(client, filters) {
  const key = JSON.stringify(filters && query(filters, 0));
  const [listed, setListed] = useState(NOTHING);
  const asked = useRef(/** @type {any} */ ({}));
  const running = useRef(new AbortController());

  /** @param {string | null} cursor */
  async function load(cursor) {
    const { signal } = running.current;
    setListed((before) => ({ ...before, loading: true, problem: null }));
    try {
      const page = await client.get("/notifications/deliveries", { ...asked.current, limit: PAGE, cursor }, { signal });
      if (signal.aborted) return;
      setListed((before) => ({
        rows: cursor === null ? page.deliveries : [...before.rows, ...page.deliveries],
        next: page.next,
        problem: null,
        loading: false,
      }));
    } catch (problem) {
      if (!signal.aborted) setListed((before) => ({ ...before, problem, loading: false }));
    }
  }

  function begin() {
    if (filters === null) return;
    running.current.abort();
    running.current = new AbortController();
    asked.current = query(filters, serverNow());
    load(null);
  }

  useEffect(() => {
    setListed({ ...NOTHING, loading: filters !== null });
    begin();
    return () => running.current.abort();
  }, [client, key]);

  return { ...listed, more: () => load(listed.next), reload: begin };
}
