// Backend.AI's signature: an HMAC over the request, with a key that is derived from the secret key, the day and the host.
// The keys are WebCrypto's and cannot be read out again, not even by the console itself.

const VERSION = "v9.20250722";
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const CONTENT_TYPE = "application/json";
const HMAC = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();

/**
 * @typedef {object} Keypair
 * @property {string} accessKey
 * @property {CryptoKey} key of the secret key, which it cannot tell
 */

/**
 * Make a key of a secret key's text; afterwards the text is needed no more.
 * @param {string} secretKey
 * @returns {Promise<CryptoKey>}
 */
export function keyOf(secretKey) {
  return imported(encoder.encode(secretKey));
}

/**
 * Sign a request.
 * @param {Keypair} keypair
 * @param {{method: string, target: string, host: string, date: Date}} request target: path and query as they are sent
 * @returns {Promise<Record<string, string>>} the headers that the request needs
 */
export async function signedHeaders(keypair, { method, target, host, date }) {
  const at = date.toISOString();
  const day = at.slice(0, 10).replaceAll("-", "");
  const dayKey = await imported(await digest(keypair.key, day));
  const key = await imported(await digest(dayKey, host));
  const signed = [
    method,
    target,
    at,
    `host:${host}`,
    `content-type:${CONTENT_TYPE}`,
    `x-backendai-version:${VERSION}`,
    EMPTY_SHA256,
  ].join("\n");
  const signature = hex(await digest(key, signed));
  return {
    Authorization: `BackendAI signMethod=HMAC-SHA256, credential=${keypair.accessKey}:${signature}`,
    "Content-Type": CONTENT_TYPE,
    "X-BackendAI-Date": at,
    "X-BackendAI-Version": VERSION,
  };
}

/** @param {BufferSource} bytes */
function imported(bytes) {
  return crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
}

/**
 * @param {CryptoKey} key
 * @param {string} text
 */
function digest(key, text) {
  return crypto.subtle.sign("HMAC", key, encoder.encode(text));
}

/** @param {ArrayBuffer} bytes */
function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
