import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: (\d+)/i;
const NO_BODY = new Set([204, 304]);

/**
 * One kept-alive connection with at most one request under way. Reads just as much of HTTP as is needed to see where
 * an answer ends, so that the load costs less than what it is put on.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #onAnswer: (status: number) => void;
  #pending: Buffer | null = null;

  /** Calls `onAnswer` with the status of each answer, or with 0 when the connection breaks. */
  constructor(host: string, port: number, onAnswer: (status: number) => void) {
    this.#onAnswer = onAnswer;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => onAnswer(0));
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#pending ? Buffer.concat([this.#pending, chunk]) : chunk;
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1) {
      this.#pending = bytes;
      return;
    }
    const head = bytes.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined && !NO_BODY.has(status))
      throw new Error(`An answer without its length: ${head}`);
    if (bytes.length < headEnd + HEAD_END.length + Number(length ?? 0)) {
      this.#pending = bytes;
      return;
    }
    this.#pending = null;
    this.#onAnswer(status);
  }
}
