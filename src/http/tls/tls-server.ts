import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Certificate } from './read-certificate.js';

/** Milliseconds that a handshake may take; who is slower is cut off. */
const HANDSHAKE_MS = 10_000;

/** Ciphers and curves are node's own choice. */
const optionsOf = ({ cert, key }: Certificate) => ({ cert, key, minVersion: 'TLSv1.2' as const });

/** TLS wraps a connection into another object, which has its other end in common with it. */
const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** HTTP/1.1 over TLS, 1.2 or newer. */
export class TlsServer {
  readonly server: Server;
  /** Connections on which nothing can have been asked: their handshake is under way. */
  readonly #handshakes = new Map<string, Socket>();

  /** The options are those of node's https server, but for the certificate. */
  constructor(certificate: Certificate, options: ServerOptions = {}) {
    this.server = createServer({ handshakeTimeout: HANDSHAKE_MS, ...options, ...optionsOf(certificate) });
    this.server.on('connection', (accepted) => {
      const raw = accepted as Socket;
      const end = endOf(raw);
      this.#handshakes.set(end, raw);
      raw.once('close', () => this.#handshakes.delete(end));
    });
  }

  /** To be told of each connection whose handshake is over. */
  welcome(socket: Socket): void {
    this.#handshakes.delete(endOf(socket));
    // As without TLS: a client that has said its last gets its answer nevertheless.
    socket.allowHalfOpen = true;
  }

  /** New connections get this certificate; the others go on with theirs. */
  use(certificate: Certificate): void {
    this.server.setSecureContext(optionsOf(certificate));
  }

  endHandshakes(): void {
    for (const raw of this.#handshakes.values()) raw.destroy();
  }
}
