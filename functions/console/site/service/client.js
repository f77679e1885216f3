// Calls the API as the keypair that signed in.

import { Problem, unreachable } from "./problem.js";
import { signedHeaders } from "./signing.js";

const CLOCKS_DIFFER = "invalid-auth-params";
/** What every keypair may ask: who it is. */
export const WHOAMI = "/notifications/whoami";

/** @typedef {Record<string, string | number | boolean | string[] | null | undefined>} Params null, undefined and "" are left out; a list is repeated */

/**
 * @typedef {object} Client
 * @property {string} base where the API is: a path, without a slash at its end
 * @property {(path: string, params?: Params, options?: Options) => Promise<any>} get
 * @property {(path: string, body?: unknown, options?: Options) => Promise<any>} post
 * @property {(path: string, body: unknown, options?: Options) => Promise<any>} patch
 * @property {(path: string, params?: Params, options?: Options) => Promise<any>} delete
 */

/** @typedef {{signal?: AbortSignal, params?: Params}} Options params: the query of a post or a patch */

/**
 * Make a client; each of its calls returns the response's JSON (null if it has none) or throws a Problem.
 * @param {object} given
 * @param {string} given.base
 * @param {import("./signing.js").Keypair} given.keypair
 * @param {import("./clock.js").Clock} given.clock
 * @param {() => void} given.onRefused called when the keypair is no longer accepted
 * @returns {Client}
 */
export function createClient({ base, keypair, clock, onRefused }) {
  /** @type {Problem | null} */
  let refusal = null;

  /**
   * @param {string} method
   * @param {string} target
   * @param {unknown} body
   * @param {Options} options
   */
  async function sent(method, target, body, { signal }) {
    const headers = await signedHeaders(keypair, { method, target, host: location.host, date: clock.now() });
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      return await fetch(target, { method, headers, body: text, signal, cache: "no-store", credentials: "omit" });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw unreachable();
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Params | undefined} params
   * @param {unknown} body
   * @param {Options} options
   */
  async function call(method, path, params, body, options) {
    if (refusal) throw refusal; // what still polls asks in vain
    const target = base + path + query(params);
    let response = await sent(method, target, body, options);
    let document = await read(response);
    const wasWrong = clock.correct(response.headers.get("Date"));
    if (response.status === 400 && kindOf(document) === CLOCKS_DIFFER && wasWrong) {
      response = await sent(method, target, body, options);
      document = await read(response);
    }
    if (response.ok) return document;
    const problem = new Problem(response.status, document ?? { title: response.statusText });
    if (response.status === 401 && (await isRefused(path))) {
      refusal = problem;
      onRefused();
    }
    throw problem;
  }

  /**
   * Tell whether it is the keypair that is refused: the signature of one odd path may be, and that is no end of a session.
   * @param {string} path that was refused
   */
  async function isRefused(path) {
    return path === WHOAMI || (await sent("GET", base + WHOAMI, undefined, {})).status === 401;
  }

  return {
    base,
    get: (path, params, options = {}) => call("GET", path, params, undefined, options),
    post: (path, body = {}, options = {}) => call("POST", path, options.params, body, options),
    patch: (path, body, options = {}) => call("PATCH", path, options.params, body, options),
    delete: (path, params, options = {}) => call("DELETE", path, params, undefined, options),
  };
}

/** @param {Response} response */
async function read(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {any} document */
function kindOf(document) {
  return String(document?.type ?? "")
    .split("/")
    .at(-1);
}

/**
 * Write a query as it is signed and sent.
 * @param {Params} [params]
 */
export function query(params = {}) {
  const given = Object.entries(params)
    .flatMap(([name, value]) => [value].flat().map((/** @type {unknown} */ one) => /** @type {[string, unknown]} */ ([name, one])))
    .filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (!given.length) return "";
  return `?${given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join("&")}`;
}
