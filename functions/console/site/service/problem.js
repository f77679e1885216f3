// A request that failed, in the words of the service.

export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 if there was no response
   * @param {{type?: string, title?: string, error_code?: string, msg?: string, message?: string, data?: any}} document
   */
  constructor(status, document) {
    super(document.msg ?? document.title ?? "");
    this.name = "Problem";
    this.status = status;
    this.kind = (document.type ?? "").split("/").at(-1);
    this.title = document.title ?? "";
    this.detail = document.msg ?? document.message ?? ""; // `message`: what API Gateway says itself
    this.data = document.data ?? null;
    /** @type {{loc: (string | number)[], msg: string, type: string}[]} what is wrong with each field */
    this.errors = document.data?.errors ?? [];
  }
}

/** There was no answer: the network, or the stack itself. */
export function unreachable() {
  return new Problem(0, { type: "unreachable", title: "unreachable" });
}
