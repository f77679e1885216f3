// The server's time, as far as it is known. A request that is signed a quarter of an hour early or late is refused, "the
// last hour" of a clock that is hours ahead is empty, and a mute for an hour would last for as long as the clock is wrong.
// Nobody sets the clock of a computer to read a console, so it is the console that corrects its own.

/** Responses tell their time in whole seconds, and are late by what the network takes; less is no wrong clock. */
const TOLERATED_MILLISECONDS = 10_000;

/**
 * @typedef {object} Clock
 * @property {() => Date} now
 * @property {(answered: string | null) => boolean} correct take over the time of a response; tells whether that changed anything
 */

/**
 * @param {() => number} milliseconds this computer's clock
 * @returns {Clock}
 */
export function createClock(milliseconds = Date.now) {
  let ahead = 0;
  return {
    now: () => new Date(milliseconds() + ahead),
    correct: (answered) => {
      const off = Date.parse(answered ?? "") - milliseconds() - ahead;
      if (Number.isNaN(off) || Math.abs(off) < TOLERATED_MILLISECONDS) return false;
      ahead += off;
      return true;
    },
  };
}

/** The one clock of the page, as its language is one: what is signed, asked for and shown goes by it. */
export const clock = createClock();

/** @returns {number} the server's time, as far as it is known, in milliseconds since 1970 */
export function serverNow() {
  return clock.now().getTime();
}
