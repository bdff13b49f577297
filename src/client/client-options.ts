/** How a client reaches its server. */
export interface ClientOptions {
  /** Of the server; default http://127.0.0.1:8000, and in a browser the server that the page comes from. */
  url?: string;
  /** The key to the server, where it asks for one. A page that is signed in needs none. */
  key?: string;
  /** Sent with every request; what a proxy asks for, say. */
  headers?: Record<string, string>;
  /** Milliseconds within which an answer is expected, besides what a request is willing to wait; default 30,000. */
  requestTimeout?: number;
  /** How often a request is sent again that has failed in passing; default 3. `watch` and `waitFor` have no such end. */
  retries?: number;
  /**
   * Asked with every task that is enqueued for the W3C trace context it belongs to. In Node.js `currentTraceparent` of
   * `spoolite` is such a function; where `fetch` is instrumented none is needed.
   */
  traceparent?: () => string | null | undefined;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}
