import { connect, type OnReadOpts, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: (\d+)/i;
const NO_BODY = new Set([204, 304]);

/** One buffer for all connections: what comes in is looked at before the next connection is read. */
const READ_INTO = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * One kept-alive connection with at most one request under way. Reads just as much of HTTP as is needed to see where
 * an answer ends, so that the load costs less than what it is put on.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #onAnswer: (status: number) => void;
  /** Of an answer of which not even the head is there. */
  #head: Buffer | null = null;
  #status = 0;
  /** Bytes of the answer's body that are still to come. */
  #missing = 0;

  /** Calls `onAnswer` with the status of each answer, or with 0 when the connection breaks. */
  constructor(host: string, port: number, onAnswer: (status: number) => void) {
    this.#onAnswer = onAnswer;
    const onread: OnReadOpts = {
      buffer: READ_INTO,
      callback: (bytes, buffer) => this.#receive((buffer as Buffer).subarray(0, bytes)),
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
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

  /** Returns true: go on reading. */
  #receive(chunk: Buffer): true {
    if (this.#missing > 0) this.#missing -= chunk.length;
    else if (!this.#beginAnswer(chunk)) return true;
    if (this.#missing === 0) this.#onAnswer(this.#status);
    return true;
  }

  /** False when the head is not there as a whole. */
  #beginAnswer(chunk: Buffer): boolean {
    const bytes = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1) {
      this.#head = Buffer.from(bytes);
      return false;
    }
    this.#head = null;
    const head = bytes.toString('latin1', 0, headEnd);
    this.#status = Number(head.slice(9, 12));
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined && !NO_BODY.has(this.#status))
      throw new Error(`An answer without its length: ${head}`);
    this.#missing = headEnd + HEAD_END.length + Number(length ?? 0) - bytes.length;
    return true;
  }
}
