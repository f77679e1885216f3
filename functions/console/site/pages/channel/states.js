// The state machine of a channel, as `core/channel_health.py` has it: where it is, since when, and what is next.

/** How many failures in a row suspend a channel, but not before a minute has passed since the first. */
export const SUSPEND_AFTER_FAILURES = 100;
/** A channel that has failed for so many days is suspended too, if at least `MIN_FAILURES` attempts did. */
export const SUSPEND_AFTER_DAYS = 3;
export const MIN_FAILURES = 5;
export const FIRST_PROBE_MINUTES = 1;
export const LAST_PROBE_MINUTES = 60;
/** How many days a delivery is held. */
export const MAX_HELD_DAYS = 14;

const DAY = 24 * 60 * 60_000;

/** The states in the order in which a channel goes through them; then it is healthy again. */
export const CYCLE = /** @type {const} */ (["healthy", "failing", "suspended", "probing", "releasing"]);

/**
 * @typedef {"healthy"|"failing"|"suspended"|"probing"|"releasing"|"disabled"} State
 * @typedef {{failures: number, first_failure_at: string|null, reason: string|null, suspended_at: string|null,
 *   probe_at: string|null, probes: number, releasing: boolean, gone: boolean, slow: boolean}} Health
 * @typedef {{enabled: boolean, health: Health|null}} Channel
 * @typedef {{state: State, since: string|null, why: string|null, next: State, at: string|null}} Standing
 *   `next`: the state that comes next unless the receiver changes; `at`: when, null if no time decides it
 */

/**
 * @param {Channel} channel
 * @param {number} now
 * @returns {Standing}
 */
export function standing(channel, now) {
  const health = channel.health;
  if (!channel.enabled) {
    return { state: "disabled", since: null, why: health?.gone ? health.reason : null, next: "healthy", at: null };
  }
  if (health?.suspended_at) {
    const due = health.probe_at !== null && Date.parse(health.probe_at) <= now;
    const told = { since: health.suspended_at, why: health.reason };
    return due
      ? { ...told, state: "probing", next: "releasing", at: null }
      : { ...told, state: "suspended", next: "probing", at: health.probe_at };
  }
  if (health?.failures) {
    const since = health.first_failure_at;
    const at = since === null ? null : new Date(Date.parse(since) + SUSPEND_AFTER_DAYS * DAY).toISOString();
    return { state: "failing", since, why: health.reason, next: "suspended", at };
  }
  if (health?.releasing) return { state: "releasing", since: null, why: null, next: "healthy", at: null };
  return { state: "healthy", since: null, why: null, next: "failing", at: null };
}

/**
 * @param {any[]} revisions newest first
 * @returns {any} null if there is none, or the one that disabled a channel that is disabled now
 */
export function disabling(revisions) {
  return revisions.find(({ changed, action }) => changed.includes("enabled") || action === "created") ?? null;
}
