/** What a request says of where it comes from. */
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

/** A request before its body is read: node's own, or one that the raw transport has read. */
export interface RequestHead extends RequestSource {
  readonly url?: string | undefined;
  /** Set by Express: the address with the path that the app is mounted under. */
  readonly originalUrl?: string;
  /** Set by Express: the path that the app is mounted under. */
  readonly baseUrl?: string;
  readonly headers: RequestSource['headers'] & {
    readonly 'if-none-match'?: string | undefined;
    readonly prefer?: string | undefined;
    readonly 'x-request-id'?: string | string[] | undefined;
  };
}

/** The response as controllers see it: the same over node's http server, Express and the raw transport. */
export interface HttpResponse {
  /** The request that is answered. */
  readonly request: RequestHead;
  statusCode: number;
  readonly headersSent: boolean;
  /** True once nothing more can be sent: all of it was, or the connection ended before. */
  readonly closed: boolean;
  /** True once everything was handed to the operating system. */
  readonly writableFinished: boolean;
  /** True after `end()`. */
  readonly writableEnded: boolean;
  /** True while the client has not taken what was written. */
  readonly writableNeedDrain: boolean;
  setHeader(name: string, value: string | number): unknown;
  getHeader(name: string): string | number | string[] | undefined;
  removeHeader(name: string): void;
  once(event: 'close' | 'drain', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
  /** Sends a piece of the body, and the headers before the first. Returns false when the client should be waited for. */
  write(text: string): boolean;
  /** Sends the rest. */
  end(body?: string): unknown;
  /** Breaks the connection off. */
  destroy(): unknown;
}

/** A response that does not know its request: node's own and Express's are such. */
export type BareResponse = Omit<HttpResponse, 'request'>;

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** The id that was given to the request that this answers. */
export const requestIdOf = (res: BareResponse): string => String(res.getHeader(REQUEST_ID_HEADER));
