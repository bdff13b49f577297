import type { IncomingMessage } from 'node:http';
import express from 'express';
import { SpooliteError } from '../core/errors.js';
import { parseJsonBody } from '../validation/json-body.js';

/** A request whose body a parent app may already have read. */
type BodyRequest = IncomingMessage & { body?: unknown };

/** Reads a request's body as JSON; resolves to undefined without one. */
export type BodyReader = (req: BodyRequest) => Promise<unknown>;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;

const PLAIN_JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

const LENGTH = /^[1-9]\d{0,9}$/;

/** An error of Express's body reader. */
interface ReadError {
  type?: string;
  limit?: number;
}

function assertJsonType(header: string | undefined): void {
  const [type = '', ...parameters] = (header ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!JSON_TYPE.test(type)) {
    throw new SpooliteError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be JSON: send it with the header "Content-Type: application/json"',
    );
  }
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new SpooliteError('UNSUPPORTED_MEDIA_TYPE', 'The body must be encoded in UTF-8');
  }
}

const tooLarge = (limit?: number): SpooliteError =>
  new SpooliteError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes`);

function explain({ type, limit }: ReadError): SpooliteError {
  switch (type) {
    case 'entity.too.large':
      return tooLarge(limit);
    case 'encoding.unsupported':
      return new SpooliteError(
        'UNSUPPORTED_MEDIA_TYPE',
        'The Content-Encoding is not supported: send gzip, deflate or br, or no compression',
      );
    default:
      return new SpooliteError('MALFORMED_JSON', 'The body ended too early or could not be decompressed');
  }
}

const isEmpty = ({ headers }: BodyRequest): boolean =>
  headers['content-length'] === '0' ||
  (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined);

/** True for uncompressed JSON with a declared, allowed length. */
function isPlain({ headers, body }: BodyRequest, limit: number): boolean {
  const length = headers['content-length'];
  return (
    body === undefined &&
    length !== undefined &&
    LENGTH.test(length) &&
    Number(length) <= limit &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    PLAIN_JSON_TYPE.test(headers['content-type'] ?? '')
  );
}

/** Node's parser delivers exactly the declared length. A client that disconnects first gets no reply. */
const readPlain = (req: BodyRequest): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    req.on('error', () => undefined);
  });

/** JSON text of a body that another parser has parsed, so that the same rules apply. */
function textAgain(body: unknown): Buffer {
  try {
    return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  } catch {
    throw new SpooliteError('MALFORMED_JSON', 'The body is nested too deeply, or is not JSON');
  }
}

/** The bytes of the body; null if there are none. */
function bytesOf(req: BodyRequest, limit: number): Buffer | null {
  const { body } = req;
  if (isEmpty(req)) return null;
  if (Buffer.isBuffer(body)) return body.length > 0 ? body : null;
  if (body === undefined) {
    throw new SpooliteError(
      'INTERNAL_ERROR',
      'Something ahead of Spoolite has read the body and left nothing in req.body: mount Spoolite before it',
    );
  }
  const bytes = textAgain(body);
  if (bytes.length > limit) throw tooLarge(limit);
  return bytes;
}

/**
 * Reads JSON bodies. `limit` counts the bytes after decompression. A body that a parent app has already read is taken
 * from `req.body`, as bytes, as text or parsed. Plain JSON bypasses Express's reader, which costs as much as the rest
 * of an enqueue.
 */
export function bodyReader(limit: number): BodyReader {
  const readBytes = express.raw({ type: () => true, limit });
  return async (req) => {
    if (isPlain(req, limit) && !req.readableEnded) return parseJsonBody(await readPlain(req));
    await new Promise<void>((resolve, reject) => {
      readBytes(req as never, {} as never, (error?: unknown) =>
        error ? reject(explain(error as ReadError)) : resolve(),
      );
    });
    const bytes = bytesOf(req, limit);
    if (!bytes) return undefined;
    assertJsonType(req.headers['content-type']);
    return parseJsonBody(bytes);
  };
}
