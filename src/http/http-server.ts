import {
  createServer as createHttpServer,
  type Server as NodeHttpServer,
  type RequestListener,
} from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { startTimer } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import {
  announcedIdleMs,
  CONNECTION_LIMITS,
  type ConnectionLimits,
  serverOptionsOf,
} from './connection-limits.js';
import type { Answer } from './create-http.js';
import { RawConnection, type RawConnectionOptions } from './raw-connection.js';
import { type Certificate, TlsServer } from './tls.js';

/** Milliseconds between two checks for idle connections while closing. */
const SWEEP_MS = 50;

/**
 * Checks in a row that find a connection idle before it is closed: a client in mid-sequence still gets an answer that
 * closes the connection, instead of having a request cut off in transit. Checks are counted rather than time, so that a
 * machine that stalls does not use up the client's second.
 */
const IDLE_CHECKS = 20;

/** Makes browsers use TLS for this host name for a year. Sent over TLS only: elsewhere it has no effect. */
const STRICT_TRANSPORT = ['Strict-Transport-Security', 'max-age=31536000'] as const;

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        `Port ${port} on ${host} is in use: stop that program, or choose another port with --port.`,
      );
    case 'EACCES':
      return new UserError(`Port ${port} is not open to this user: choose one above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(`This machine has no address ${host}: choose another with --host.`);
    default:
      return error;
  }
}

/** Common to node's response and that of the raw transport. */
interface Closing {
  /** Whether the connection stays open after this reply. */
  shouldKeepAlive: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** State of one connection. */
interface Connection {
  /** Replies not yet fully sent. */
  unsent: Set<Closing>;
  /** Bytes received when the last reply was sent: any more belong to another request. */
  bytesRead: number;
  /** Checks in a row that found it idle while closing. */
  idleChecks: number;
}

export interface Answers {
  /** Handles requests that node's http server has read. */
  listener: RequestListener;
  /** Answers endpoints, for connections that the raw transport reads. */
  answer: Answer;
}

/** Limits that differ from the defaults, and an optional certificate. */
export type HttpServerOptions = Partial<ConnectionLimits> & {
  certificate?: Certificate | undefined;
  /** False: node's http server reads every request; default true. */
  rawTransport?: boolean | undefined;
  /** Called for errors while listening, such as a connection that cannot be accepted; the server goes on. */
  onError(error: Error): void;
};

/**
 * A listening socket for the app, closed without cutting off a request. It hands connections to node's http server,
 * which does not listen itself; by default only after the raw transport has met a request that it leaves to node.
 */
export class HttpServer {
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  readonly #http: NodeHttpServer;
  readonly #connections = new Map<Socket, Connection>();
  readonly #raw: RawConnectionOptions | undefined;
  readonly #onError: (error: Error) => void;
  #closed: Promise<void> | undefined;

  /** With a certificate, https only. */
  constructor(
    { listener, answer }: Answers,
    { certificate, rawTransport = true, onError, ...changed }: HttpServerOptions,
  ) {
    this.#onError = onError;
    const limits = { ...CONNECTION_LIMITS, ...changed };
    this.#http = createHttpServer(serverOptionsOf(limits));
    this.#http.timeout = limits.silentMs;
    this.#tls = certificate && new TlsServer(certificate);
    this.#server = this.#tls?.server ?? createServer({ allowHalfOpen: true, noDelay: true });
    this.#server.maxConnections = limits.most;
    this.#server.on(this.#tls ? 'secureConnection' : 'connection', (socket: Socket) => this.#begin(socket));
    if (rawTransport)
      this.#raw = {
        answer,
        headers: this.#tls ? [STRICT_TRANSPORT] : [],
        onResponse: (res, socket) => this.#await(res, socket),
        handOver: (socket) => this.#http.emit('connection', socket),
        silentStartMs: limits.silentStartMs,
        idleMs: limits.idleMs,
        announcedIdleMs: announcedIdleMs(limits),
        silentMs: limits.silentMs,
      };
    // Not the reply's socket: a pipelined request has none before its turn.
    this.#http.on('request', ({ socket }, res) => {
      this.#await(res, socket);
      // By then node has set its own timeout, the announced one.
      res.once('close', () => this.#keep(socket, limits));
    });
    if (this.#tls) this.#http.on('request', (_req, res) => res.setHeader(...STRICT_TRANSPORT));
    this.#http.on('request', listener);
  }

  /** Port 0 picks a free one. Resolves to the address; rejects with `UserError` if it is not available. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port));
      this.#server.once('error', fail);
      this.#server.listen(port, host, () => {
        // From now on an error no longer concerns this call; without a listener it would end the process.
        this.#server.off('error', fail).on('error', this.#onError);
        // Node's http server starts to check for slow requests at this event.
        this.#http.emit('listening');
        const { address, family, port: bound } = this.#server.address() as AddressInfo;
        resolve(`${this.#tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  /** New connections use this certificate. Only for a server that was started with one. */
  renew(certificate: Certificate): void {
    this.#tls?.use(certificate);
  }

  /**
   * Takes no new connections, answers the requests that have begun, and closes each connection after its answer. The
   * rest is cut off after `graceSeconds`. A second call can only shorten the wait.
   */
  async close(graceSeconds: number): Promise<void> {
    if (!this.#closed && !this.#server.listening) return;
    this.#closed ??= this.#close();
    const callOff = startTimer(() => this.#destroyAll(), graceSeconds * 1000);
    await this.#closed;
    callOff();
  }

  #close(): Promise<void> {
    for (const { unsent } of this.#connections.values()) {
      for (const res of unsent) res.shouldKeepAlive = false;
    }
    return new Promise((resolve) => {
      // Timers come before sockets are read: the check waits until all that has arrived by now is read.
      let checks = 0;
      const check = () => {
        if (++checks >= IDLE_CHECKS) this.#tls?.endHandshakes();
        this.#closeIdle();
      };
      const sweep = setInterval(() => setImmediate(check), SWEEP_MS);
      this.#server.close(() => {
        clearInterval(sweep);
        // Stops its checks; it has no socket of its own to close.
        this.#http.close(() => undefined);
        resolve();
      });
    });
  }

  #closeIdle(): void {
    for (const [socket, connection] of this.#connections) {
      const isIdle = connection.unsent.size === 0 && socket.bytesRead === connection.bytesRead;
      connection.idleChecks = isIdle ? connection.idleChecks + 1 : 0;
      if (connection.idleChecks >= IDLE_CHECKS) socket.destroySoon();
    }
  }

  #destroyAll(): void {
    this.#tls?.endHandshakes();
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  #begin(socket: Socket): void {
    this.#tls?.welcome(socket);
    this.#connections.set(socket, { unsent: new Set(), bytesRead: 0, idleChecks: 0 });
    socket.once('close', () => this.#connections.delete(socket));
    if (this.#raw) new RawConnection(socket, this.#raw);
    else this.#http.emit('connection', socket);
  }

  /**
   * Keeps a connection longer than announced while no request is active on it. To node a reply ends once the socket has
   * it: a client that does not read it is not idle, but silent.
   */
  #keep(socket: Socket, { idleMs, silentMs }: ConnectionLimits): void {
    if (this.#connections.get(socket)?.unsent.size !== 0) return;
    socket.setTimeout(socket.writableLength > 0 ? silentMs : idleMs);
  }

  #await(res: Closing, socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    if (this.#closed) res.shouldKeepAlive = false;
    connection.unsent.add(res);
    res.once('close', () => {
      connection.unsent.delete(res);
      connection.bytesRead = socket.bytesRead;
    });
  }
}
