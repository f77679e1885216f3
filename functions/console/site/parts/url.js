// URLs of receivers, whose paths may be credentials.

/**
 * @param {string} url
 * @returns {string} scheme and host, as the service shows them in lists
 */
export function withoutPath(url) {
  try {
    const { protocol, host, pathname, search } = new URL(url);
    return `${protocol}//${host}/${pathname.replaceAll("/", "") || search ? "***" : ""}`;
  } catch {
    return "***";
  }
}

/**
 * @param {string} url
 * @returns {string | null} where it leads: scheme, host and port
 */
export function placeOf(url) {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}
