// What "remember on this browser" keeps: the access key, and a CryptoKey that signs but cannot be read. Never a secret key.

const DATABASE = "backend.ai-notification-console";
const STORE = "keypairs";

/** @typedef {import("./signing.js").Keypair} Keypair */

/**
 * Keep a keypair for a stack, in place of the one that was kept.
 * @param {string} stack where its API is
 * @param {Keypair} keypair
 */
export function remember(stack, { accessKey, key }) {
  return inStore("readwrite", (store) => store.put({ accessKey, key }, stack));
}

/**
 * Return the keypair that is kept for a stack.
 * @param {string} stack
 * @returns {Promise<Keypair | undefined>}
 */
export function recall(stack) {
  return inStore("readonly", (store) => store.get(stack));
}

/**
 * Keep nothing for a stack any more.
 * @param {string} stack
 */
export function forget(stack) {
  return inStore("readwrite", (store) => store.delete(stack));
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 */
async function inStore(mode, ask) {
  const database = await opened();
  try {
    return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
