// Lists everything that a search finds, page by page.

/** How many a request asks for: as many as the service lists at once. */
const PAGE = 1000;

/**
 * @param {import("./client.js").Client} client
 * @param {"rules" | "channels"} kind
 * @param {import("./client.js").Options} options
 * @param {Record<string, unknown>} [filter]
 * @returns {Promise<any[]>} by name
 */
export async function searchAll(client, kind, options, filter) {
  return (await searchSome(client, kind, options, filter, Infinity)).found;
}

/**
 * @param {import("./client.js").Client} client
 * @param {"rules" | "channels"} kind
 * @param {import("./client.js").Options} options
 * @param {Record<string, unknown> | undefined} filter
 * @param {number} most
 * @returns {Promise<{found: any[], total: number}>} the first of them by name, and how many there are
 */
export async function searchSome(client, kind, options, filter, most) {
  const params = kind === "rules" ? { custom: true } : {}; // otherwise rules on custom types are not found
  const order = [{ field: "name", direction: "asc" }];
  /** @type {any[]} */
  const found = [];
  for (;;) {
    const body = { filter, order, limit: Math.min(PAGE, most - found.length), offset: found.length };
    const { [kind]: page, pagination } = await client.post(`/notifications/${kind}/search`, body, { ...options, params });
    found.push(...page);
    if (!page.length || found.length >= Math.min(most, pagination.total)) return { found, total: pagination.total };
  }
}
