// Which field a refusal is about, so that it is told there.

/**
 * @param {any} problem of the service, null if there is none
 * @param {string} name of a member of the document, like url
 * @returns {string | null}
 */
export function problemOf(problem, name) {
  if (!problem) return null;
  const found = (problem.errors ?? []).find((/** @type {any} */ error) => error.loc?.includes(name));
  if (found) return found.msg;
  // A refusal of one member alone begins with its place: "spec.url: ...".
  const [, place, text] = /^((?:[a-z_]+\.)*[a-z_]+)(?:, [a-z_.]+)?: (.*)$/s.exec(problem.detail ?? "") ?? [];
  return place?.split(".").includes(name) ? text : null;
}
