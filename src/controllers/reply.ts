/**
 * What a poll needs of the response that it is answered with. Node's own response has it all; so has that of the lean
 * road, which is why nothing that answers a poll may use more.
 */
export interface Reply {
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
