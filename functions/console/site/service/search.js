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
  const order = [{ field: "name", direction: "asc" }];
  /** @type {any[]} */
  const found = [];
  for (;;) {
    const body = { filter, order, limit: PAGE, offset: found.length };
    const { [kind]: page, pagination } = await client.post(`/notifications/${kind}/search`, body, options);
    found.push(...page);
    if (!page.length || found.length >= pagination.total) return found;
  }
}
