// Texts with stars: `*` is any text, `\*` a star and `\\` a backslash.

/**
 * Part a wildcard at its stars; null if a backslash in it escapes nothing.
 * @param {string} wildcard @returns {string[] | null}
 */
export function pieces(wildcard) {
  const found = [""];
  for (let at = 0; at < wildcard.length; at += 1) {
    let character = wildcard[at];
    if (character === "*") {
      found.push("");
      continue;
    }
    if (character === "\\") {
      at += 1;
      character = wildcard[at];
      if (character !== "*" && character !== "\\") return null;
    }
    found[found.length - 1] += character;
  }
  return found;
}

/**
 * Write a text so that it stands for itself in a wildcard.
 * @param {string} text @returns {string}
 */
export function escaped(text) {
  return text.replaceAll("\\", "\\\\").replaceAll("*", "\\*");
}

/**
 * Make the alternative that pieces between stars mean: the simplest operator that says it.
 * @param {string[]} parts @returns {unknown}
 */
export function starred(parts) {
  if (parts.length === 1) return parts[0];
  if (parts.length === 2 && parts[1] === "") return { prefix: parts[0] };
  if (parts.length === 2 && parts[0] === "") return { suffix: parts[1] };
  return { wildcard: parts.map(escaped).join("*") };
}
