import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { StartupError } from '../domain/startup-error.js';
import { LeanResponse } from './lean-response.js';

/**
 * Milliseconds for which a connection without a request may still bring one while closing: a client that sends one
 * after the other is told by its next answer to go, instead of having a request cut off that was on its way.
 */
const LINGER_MS = 500;

/** Milliseconds between two looks for connections that have become idle while closing. */
const SWEEP_MS = 50;

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartupError(
        `Port ${port} on ${host} is in use: end that program, or choose another with --port.`,
      );
    case 'EACCES':
      return new StartupError(`Port ${port} is not open to this user: choose one above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(`This machine has no address ${host}: choose another with --host.`);
    default:
      return error;
  }
}

/** What is going on on one connection. */
interface Connection {
  /** Replies that are not wholly sent. */
  unsent: Set<ServerResponse>;
  /** Bytes received when the last reply was sent: more of them are the beginning of another request. */
  bytesRead: number;
}

/** A listening socket for the app, closed without cutting off a request. */
export class HttpServer {
  readonly #server: Server<typeof IncomingMessage, typeof LeanResponse>;
  readonly #connections = new Map<Socket, Connection>();
  #closed: Promise<void> | undefined;

  constructor(listener: RequestListener) {
    this.#server = createServer({ ServerResponse: LeanResponse });
    this.#server.on('connection', (socket) => this.#follow(socket));
    this.#server.on('request', (_req, res) => this.#await(res));
    this.#server.on('request', listener);
    // Node closes idle connections as soon as it is told to close, and takes those for idle whose reply is under way.
    this.#server.closeIdleConnections = () => {};
  }

  /** Port 0 picks a free one. Resolves to the address; rejects with `StartupError` when it cannot be had. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(listenFailure(error, host, port)));
      this.#server.listen(port, host, () => {
        const { address, family, port: bound } = this.#server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  /**
   * Takes no new connections, answers what has begun, and closes each connection after its answer. What is not over
   * after `graceSeconds` is cut off. A second call can only shorten the wait.
   */
  async close(graceSeconds: number): Promise<void> {
    if (!this.#closed && !this.#server.listening) return;
    this.#closed ??= this.#close();
    const cutOff = setTimeout(() => this.#server.closeAllConnections(), graceSeconds * 1000);
    await this.#closed;
    clearTimeout(cutOff);
  }

  #close(): Promise<void> {
    for (const { unsent } of this.#connections.values()) {
      for (const res of unsent) res.shouldKeepAlive = false;
    }
    return new Promise((resolve) => {
      let sweep: NodeJS.Timeout;
      const linger = setTimeout(() => {
        this.#closeIdle();
        sweep = setInterval(() => this.#closeIdle(), SWEEP_MS);
      }, LINGER_MS);
      this.#server.close(() => {
        clearTimeout(linger);
        clearInterval(sweep);
        resolve();
      });
    });
  }

  #closeIdle(): void {
    for (const [socket, { unsent, bytesRead }] of this.#connections) {
      if (unsent.size === 0 && socket.bytesRead === bytesRead) socket.destroySoon();
    }
  }

  #follow(socket: Socket): void {
    this.#connections.set(socket, { unsent: new Set(), bytesRead: 0 });
    socket.once('close', () => this.#connections.delete(socket));
  }

  #await(res: ServerResponse): void {
    const socket = res.socket as Socket;
    const connection = this.#connections.get(socket);
    if (!connection) return;
    if (this.#closed) res.shouldKeepAlive = false;
    connection.unsent.add(res);
    res.on('close', () => {
      connection.unsent.delete(res);
      connection.bytesRead = socket.bytesRead;
    });
  }
}
