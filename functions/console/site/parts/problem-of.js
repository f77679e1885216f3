// Which field a refusal is about, so that it is told there.

/** A refusal of one member begins with its place, as "spec.url: ..." and "weekly.0: ..." do. */
const PLACED = /^([a-z_]+(?:\.[a-z_]+|\.\d+)*)(?:, [a-z_.]+)?: (.*)$/s;

/**
 * @param {any} problem of the service, null if there is none
 * @param {string} name of a member of the document, like url or weekly.0
 * @returns {string | null} what is wrong with it
 */
export function problemOf(problem, name) {
  const found = (problem?.errors ?? []).find((/** @type {any} */ error) => isWithin(error.loc.join("."), name));
  if (found) return found.msg;
  const [, place, text] = PLACED.exec(problem?.detail ?? "") ?? [];
  return place && isWithin(place, name) ? text : null;
}

/**
 * @param {string} place
 * @param {string} name
 */
function isWithin(place, name) {
  return `.${place}.`.includes(`.${name}.`);
}
