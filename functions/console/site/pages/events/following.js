// The list of events, and what is new of it for as long as it is followed.

import { useEffect, useRef, useState } from "../../html.js";
import { serverNow } from "../../service/clock.js";
import { counted, merged, MOST_SHOWN, rowOf } from "./merging.js";
import { query, tailBody } from "./query.js";

const PAGE = 50;
const DELIVERIES = 1_000;
const TOO_MANY = 429;
const FOLLOWED_MS = 1_000;
const ANNOUNCED_MS = 3_000;

/** @typedef {import("../../service/client.js").Client} Client */
/** @typedef {import("./merging.js").Row} Row */
/** @typedef {{rows: Row[], next: string | null, problem: any, loading: boolean, searched: number, reachedAt: string | null, isCut: boolean}} Listed */

/** @type {Listed} */
const NOTHING = { rows: [], next: null, problem: null, loading: true, searched: 0, reachedAt: null, isCut: false };

/**
 * List events; while `follows`, also those that come.
 * @param {Client} client
 * @param {Record<string, string | undefined> | null} filters null: they cannot be read, so nothing is asked for
 * @param {boolean} follows
 */
export function useEvents(client, filters, follows) {
  const key = JSON.stringify(filters && [filters.since, filters.until, filters.rule_type, filters.status, filters.where]);
  const [listed, setListed] = useState(NOTHING);
  const asked = useRef(/** @type {any} */ (null));
  const [news, tell] = useAnnounced();

  /**
   * @param {AbortSignal} signal
   * @param {string | null} cursor
   */
  async function load(signal, cursor) {
    setListed((before) => ({ ...before, loading: true, problem: null }));
    try {
      const page = await pageOf(client, { ...asked.current, cursor }, signal);
      if (signal.aborted) return;
      setListed((before) => ({
        rows: merged(page.rows, before.rows),
        next: page.next,
        problem: null,
        loading: false,
        searched: before.searched + page.searched,
        reachedAt: page.reachedAt,
        isCut: false,
      }));
    } catch (problem) {
      if (!signal.aborted) setListed((before) => ({ ...before, problem, loading: false }));
    }
  }

  const running = useRef(new AbortController());
  useEffect(() => {
    running.current = new AbortController();
    asked.current = query(filters ?? {}, serverNow());
    setListed({ ...NOTHING, loading: filters !== null });
    if (filters && !follows) load(running.current.signal, null);
    return () => running.current.abort();
  }, [client, key]);

  // The list is read after the position: what ended between the two is then in one of them, and maybe in both.
  const begun = () => load(running.current.signal, null);
  const problem = useTail(client, filters ?? {}, key, follows, begun, (events) => {
    setListed((before) => followed(before, events.map(rowOf)));
    tell(events.length);
  });

  return {
    ...listed,
    problem: listed.problem ?? problem,
    news,
    more: () => load(running.current.signal, listed.next),
    reload: () => load(running.current.signal, null),
  };
}

/**
 * Add events that were followed. If there are too many the oldest go, and the pages after them with these.
 * @param {Listed} before
 * @param {Row[]} news
 * @returns {Listed}
 */
function followed(before, news) {
  const rows = merged(before.rows, news);
  return rows.length > MOST_SHOWN ? { ...before, rows: rows.slice(0, MOST_SHOWN), next: null, isCut: true } : { ...before, rows };
}

/**
 * Read a page of events, with the number of their deliveries by status where one request tells it.
 * @param {Client} client
 * @param {any} asked
 * @param {AbortSignal} signal
 */
async function pageOf(client, asked, signal) {
  const page = await client.get("/notifications/events", { ...asked, limit: PAGE }, { signal });
  const deliveries = asked.where.length ? [] : await deliveriesOf(client, page.events, asked.rule_type, signal);
  return {
    rows: counted(page.events, deliveries),
    next: page.next,
    searched: page.searched ?? 0,
    reachedAt: page.reached_at,
  };
}

/**
 * Read the deliveries of a page's events: they have their events' times. Of a search they would be far apart.
 * @param {Client} client
 * @param {Row[]} events the newest first
 * @param {string | undefined} ruleType
 * @param {AbortSignal} signal
 */
async function deliveriesOf(client, events, ruleType, signal) {
  if (!events.some(({ status }) => status === "dispatched")) return [];
  const since = events[events.length - 1].created_at;
  const until = new Date(Date.parse(events[0].created_at) + 1).toISOString();
  const params = { since, until, rule_type: ruleType, limit: DELIVERIES };
  const page = await client.get("/notifications/deliveries", params, { signal }).catch(() => ({ deliveries: [] }));
  return page.deliveries;
}

/**
 * Follow events. What was missed while it was paused, or the tab hidden, comes when it goes on.
 * @param {Client} client
 * @param {Record<string, string | undefined>} filters
 * @param {string} key of the filters
 * @param {boolean} follows
 * @param {() => void} onBegun called when it is known what is not new
 * @param {(events: any[]) => void} onEvents
 * @returns {any} why it cannot, null if it can
 */
function useTail(client, filters, key, follows, onBegun, onEvents) {
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const position = useRef({ key: "", at: /** @type {string | null} */ (null) });
  const told = useRef({ onBegun, onEvents });
  told.current = { onBegun, onEvents };
  useEffect(() => {
    setProblem(null);
    if (!follows) return undefined;
    if (position.current.key !== key) position.current = { key, at: null };
    const mine = new AbortController();
    let timer = 0;
    async function look() {
      try {
        let more = !document.hidden;
        while (more && !mine.signal.aborted) {
          const body = { ...tailBody(filters), position: position.current.at };
          const page = await client.post("/notifications/events/tail", body, { signal: mine.signal });
          if (mine.signal.aborted) return;
          if (position.current.at === null) told.current.onBegun();
          position.current = { key, at: page.position };
          if (page.events.length) told.current.onEvents(page.events);
          more = page.more;
          setProblem(null);
        }
      } catch (error) {
        if (mine.signal.aborted) return;
        setProblem(error);
        if (isRefusal(error)) return;
      }
      timer = setTimeout(look, FOLLOWED_MS);
    }
    look();
    return () => {
      mine.abort();
      clearTimeout(timer);
    };
  }, [client, key, follows]);
  return problem;
}

/**
 * Tell whether asking again would change nothing, as with a clause that is none.
 * @param {any} error
 */
function isRefusal({ status }) {
  return status >= 400 && status < 500 && status !== TOO_MANY;
}

/**
 * Count what is new, and tell it every few seconds: a screen reader could not keep up with each event.
 * @returns {[{count: number, at: Date} | null, (count: number) => void]} how many there were last, and what counts further ones
 */
function useAnnounced() {
  const [news, setNews] = useState(/** @type {{count: number, at: Date} | null} */ (null));
  const waiting = useRef({ count: 0, timer: 0 });
  useEffect(() => () => clearTimeout(waiting.current.timer), []);
  const tell = (/** @type {number} */ count) => {
    waiting.current.count += count;
    waiting.current.timer ||= setTimeout(() => {
      setNews({ count: waiting.current.count, at: new Date(serverNow()) });
      waiting.current = { count: 0, timer: 0 };
    }, ANNOUNCED_MS);
  };
  return [news, tell];
}
