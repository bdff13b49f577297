import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type Server } from 'node:tls';
import { UserError } from '../core/errors.js';

/** Milliseconds for a handshake; slower clients are cut off. */
const HANDSHAKE_MS = 10_000;

/** Ciphers and curves are node's defaults. */
const optionsOf = ({ cert, key }: Certificate) => ({ cert, key, minVersion: 'TLSv1.2' as const });

/** Identifies a connection by its remote end, as TLS wraps the socket into another object. */
const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** TLS, 1.2 or newer, for HTTP/1.1. */
export class TlsServer {
  readonly server: Server;
  /** Connections in the handshake, which cannot have sent a request. */
  readonly #handshakes = new Map<string, Socket>();

  constructor(certificate: Certificate, { handshakeTimeout = HANDSHAKE_MS } = {}) {
    this.server = createServer({
      ...optionsOf(certificate),
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout,
      allowHalfOpen: true,
      noDelay: true,
    });
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.server.on('connection', (accepted) => {
      const raw = accepted as Socket;
      const end = endOf(raw);
      this.#handshakes.set(end, raw);
      raw.once('close', () => this.#handshakes.delete(end));
    });
  }

  /** To be called for each connection after its handshake. */
  welcome(socket: Socket): void {
    this.#handshakes.delete(endOf(socket));
    // As without TLS: a client that has closed its half still gets its reply.
    socket.allowHalfOpen = true;
  }

  /** New connections use this certificate; the others keep theirs. */
  use(certificate: Certificate): void {
    this.server.setSecureContext(optionsOf(certificate));
  }

  endHandshakes(): void {
    for (const raw of this.#handshakes.values()) raw.destroy();
  }
}

export interface Certificate {
  cert: Buffer;
  key: Buffer;
  validUntil: Date;
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function read(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(`The TLS ${what} ${path} cannot be read: ${REASONS[code] ?? message}.`);
  }
}

function parseCertificate(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UserError(`${path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`);
  }
}

function requireKeyOf(certificate: X509Certificate, pem: Buffer, { cert, key }: CertificateFiles): void {
  if (pem.includes('ENCRYPTED')) {
    throw new UserError(
      `The TLS key ${key} is encrypted, and there is no prompt for its password: decrypt it with ` +
        '"openssl pkey -in … -out …", and let only this user read it.',
    );
  }
  let isItsKey: boolean;
  try {
    isItsKey = certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    throw new UserError(`${key} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----).`);
  }
  if (!isItsKey)
    throw new UserError(
      `The TLS key ${key} does not belong to the certificate ${cert}: they must be a pair.`,
    );
}

function requireValid({ validFrom, validTo }: X509Certificate, path: string, now: number): Date {
  const [from, until] = [new Date(validFrom), new Date(validTo)];
  if (now > until.getTime())
    throw new UserError(`The TLS certificate ${path} expired on ${until.toISOString()}: renew it.`);
  if (now < from.getTime())
    throw new UserError(
      `The TLS certificate ${path} is not valid before ${from.toISOString()}: is the clock right?`,
    );
  return until;
}

function requireUsable(certificate: Certificate, path: string): void {
  try {
    createSecureContext({ cert: certificate.cert, key: certificate.key });
  } catch (error) {
    throw new UserError(`The TLS certificate ${path} cannot be used: ${(error as Error).message}.`);
  }
}

/** Reads both files and checks that they are a valid pair at this time. Throws `UserError`. */
export function readCertificate(files: CertificateFiles, now: number): Certificate {
  const cert = read('certificate', files.cert);
  const key = read('key', files.key);
  const parsed = parseCertificate(cert, files.cert);
  requireKeyOf(parsed, key, files);
  const certificate = { cert, key, validUntil: requireValid(parsed, files.cert, now) };
  requireUsable(certificate, files.cert);
  return certificate;
}

/** Paths of PEM files: a certificate with its intermediates, and its key. */
export interface CertificateFiles {
  cert: string;
  key: string;
}
