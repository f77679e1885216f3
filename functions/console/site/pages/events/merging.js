// What is listed of events, and what is new of them, as one list. Values in, values out.

import { groupBy } from "../../parts/group-by.js";

/** How many events are kept while they are followed: a page with more is slow, and nobody reads it. */
export const MOST_SHOWN = 500;

/** @typedef {{id: string, created_at: string, updated_at: string, counts?: Record<string, number>, [name: string]: any}} Row */

/**
 * Put events into a list, newest first; one that is there already, because it was dispatched again, is replaced.
 * @param {Row[]} rows
 * @param {Row[]} news
 * @returns {Row[]}
 */
export function merged(rows, news) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of news) {
    const known = byId.get(row.id);
    // The list may have been read after the event was followed, and then knows it better.
    if (!known || known.updated_at <= row.updated_at) byId.set(row.id, { ...known, ...row });
  }
  return [...byId.values()].toSorted(newestFirst);
}

/**
 * Add how many deliveries of each status the events have.
 * @param {Row[]} rows
 * @param {{event_id: string, status: string}[]} deliveries
 */
export function counted(rows, deliveries) {
  const byEvent = groupBy(deliveries, (delivery) => delivery.event_id);
  return rows.map((row) => {
    const found = byEvent.get(row.id);
    return found ? { ...row, counts: countOf(found) } : row;
  });
}

/**
 * Make a row of an event that was followed.
 * @param {any} event
 * @returns {Row}
 */
export function rowOf({ deliveries, more_deliveries, ...event }) {
  return { ...event, counts: countOf(deliveries), more_deliveries };
}

/** @param {{status: string}[]} deliveries */
function countOf(deliveries) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { status } of deliveries) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/**
 * @param {Row} one
 * @param {Row} other
 */
function newestFirst(one, other) {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}
