/** What is asked of a request to know who sent it. Node's own has it, and so has that of the lean road. */
export interface RequestSource {
  readonly method?: string | undefined;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
    readonly 'x-api-key'?: string | string[] | undefined;
    readonly 'x-forwarded-for'?: string | string[] | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
    readonly 'sec-fetch-mode'?: string | string[] | undefined;
  };
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * What a poll needs of the response that it is answered with. Node's own response has it all; so has that of the lean
 * road, which is why nothing that answers a poll may use more.
 */
export interface HttpResponse {
  statusCode: number;
  readonly headersSent: boolean;
  /** True from the moment at which nothing more can be sent: all is, or the connection ended before. */
  readonly closed: boolean;
  /** True once all is handed to the operating system. */
  readonly writableFinished: boolean;
  setHeader(name: string, value: string | number): unknown;
  getHeader(name: string): string | number | string[] | undefined;
  removeHeader(name: string): void;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  end(body?: string): unknown;
  /** Breaks the connection off. */
  destroy(): unknown;
}

/** What is asked of a request before its body: node's own has it, and so has one that the lean road has read itself. */
export interface RequestHead extends RequestSource {
  readonly url?: string | undefined;
  /** Express's: with the path that the app is mounted under. */
  readonly originalUrl?: string;
  readonly headers: RequestSource['headers'] & {
    readonly 'if-none-match'?: string | undefined;
    readonly prefer?: string | undefined;
    readonly 'x-request-id'?: string | string[] | undefined;
  };
}

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** The id that was given to the request that this answers. */
export const requestIdOf = (res: HttpResponse): string => String(res.getHeader(REQUEST_ID_HEADER));
