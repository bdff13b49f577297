/** The parts of a request that show its origin. */
export interface RequestSource {
  readonly method?: string | undefined;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
    readonly 'x-api-key'?: string | string[] | undefined;
    readonly 'x-forwarded-for'?: string | string[] | undefined;
    readonly 'x-forwarded-host'?: string | string[] | undefined;
    readonly 'x-forwarded-proto'?: string | string[] | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
    readonly 'sec-fetch-mode'?: string | string[] | undefined;
  };
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** A request before its body is read: Node's own, or one read by the raw transport. */
export interface RequestHead extends RequestSource {
  readonly url?: string | undefined;
  /** Set by Express: the address including the path that the app is mounted under. */
  readonly originalUrl?: string;
  /** Set by Express: the path that the app is mounted under. */
  readonly baseUrl?: string;
  readonly headers: RequestSource['headers'] & {
    readonly 'if-none-match'?: string | undefined;
    readonly prefer?: string | undefined;
    readonly 'x-request-id'?: string | string[] | undefined;
  };
}

/** The response as controllers see it: the same over Node's HTTP server, Express and the raw transport. */
export interface HttpResponse {
  /** The answered request. */
  readonly request: RequestHead;
  statusCode: number;
  readonly headersSent: boolean;
  /** True once nothing more can be sent: the response is complete, or the connection ended before. */
  readonly closed: boolean;
  /** True once everything was passed to the operating system. */
  readonly writableFinished: boolean;
  /** True after `end()`. */
  readonly writableEnded: boolean;
  /** True while the client has not received what was written. */
  readonly writableNeedDrain: boolean;
  setHeader(name: string, value: string | number): unknown;
  getHeader(name: string): string | number | string[] | undefined;
  removeHeader(name: string): void;
  once(event: 'close' | 'drain', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
  /** Sends a piece of the body, and the headers before the first. Returns false if the client is too slow. */
  write(text: string): boolean;
  /** Sends the rest and ends the response. */
  end(body?: string): unknown;
  /** Closes the connection at once. */
  destroy(): unknown;
}

/** A response without its request, such as Node's own and Express's. */
export type BareResponse = Omit<HttpResponse, 'request'>;

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** The id of the request that this answers. */
export const requestIdOf = (res: BareResponse): string => String(res.getHeader(REQUEST_ID_HEADER));
