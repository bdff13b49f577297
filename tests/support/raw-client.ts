import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestEnd } from './on-test-end.js';
import { until } from './until.js';

/** A connection that sends whatever a test wants, byte for byte, and gathers what comes back. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.received += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Closed when the test ends, if not before. */
  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    onTestEnd(() => socket.destroy());
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  has(text: string): Promise<void> {
    return until(() => this.received.includes(text), 30_000);
  }

  isClosed(): Promise<void> {
    return until(() => this.closed, 30_000);
  }

  /** The statuses that have come so far. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }
}

/** What comes back for the text until the server closes the connection, which a request in it must ask for or cause. */
export async function rawReply(port: number, text: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.write(text);
  await client.isClosed();
  return client;
}
