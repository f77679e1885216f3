// All pages. A page is one line here, a folder in pages/, and its section in texts/.

/**
 * @typedef {object} PageProps what each page is given
 * @property {import("../service/client.js").Client} client
 * @property {import("./router.js").RouteParams} params the filters, as the URL has them
 * @property {typeof import("./router.js").setParams} setParams
 * @property {(role: string) => boolean} can whether who signed in may do what needs a role
 * @property {string | undefined} id of a page of one thing, like /events/:id
 */

/**
 * @typedef {object} Page
 * @property {string} path
 * @property {string} name of its section in texts/
 * @property {string} menu the name of the entry of the menu that it belongs to
 * @property {() => Promise<{default: (props: PageProps) => any}>} load
 */

/** @type {Page[]} those without an id are the menu, in this order */
export const PAGES = [
  { path: "/", name: "now", menu: "now", load: () => import("../pages/now/page.js") },
  { path: "/events", name: "events", menu: "events", load: () => import("../pages/events/page.js") },
  { path: "/events/:id", name: "event", menu: "events", load: () => import("../pages/event/page.js") },
  { path: "/deliveries", name: "deliveries", menu: "deliveries", load: () => import("../pages/deliveries/page.js") },
  { path: "/deliveries/:id", name: "delivery", menu: "deliveries", load: () => import("../pages/delivery/page.js") },
  { path: "/rules", name: "rules", menu: "rules", load: () => import("../pages/rules/page.js") },
  { path: "/rules/:id", name: "rule", menu: "rules", load: () => import("../pages/rule/page.js") },
  { path: "/channels", name: "channels", menu: "channels", load: () => import("../pages/channels/page.js") },
  { path: "/channels/:id", name: "channel", menu: "channels", load: () => import("../pages/channel/page.js") },
  { path: "/types", name: "types", menu: "types", load: () => import("../pages/types/page.js") },
  { path: "/types/:id", name: "type", menu: "types", load: () => import("../pages/type/page.js") },
  { path: "/mutes", name: "mutes", menu: "mutes", load: () => import("../pages/mutes/page.js") },
  { path: "/audit", name: "audit", menu: "audit", load: () => import("../pages/audit/page.js") },
];

/** What is no id: nothing, and what would make another path of the API's. */
const NO_ID = /^\.{0,2}$|[/\\]/;

/**
 * Find the page of a path.
 * @param {string} path
 * @returns {{page: Page, id: string | undefined} | null}
 */
export function pageAt(path) {
  for (const page of PAGES) {
    if (!page.path.endsWith("/:id")) {
      if (page.path === path) return { page, id: undefined };
      continue;
    }
    const start = page.path.slice(0, -":id".length);
    const id = decoded(path.slice(start.length));
    if (path.startsWith(start) && !NO_ID.test(id)) return { page, id };
  }
  return null;
}

/** @param {string} id */
function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
