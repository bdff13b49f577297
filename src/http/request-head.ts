import type { RequestSource } from '../controllers/access/request-source.js';

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
