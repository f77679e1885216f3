// The server's time, as far as it is known. A request that is signed a quarter of an hour early or late is refused, and
// nobody sets the clock of a computer to read a console, so it is the console that corrects its own.

/**
 * @typedef {object} Clock
 * @property {() => Date} now
 * @property {(answered: string | null) => boolean} correct take over the time of an answer; tells whether it could
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
      const there = Date.parse(answered ?? "");
      if (Number.isNaN(there)) return false;
      ahead = there - milliseconds();
      return true;
    },
  };
}
