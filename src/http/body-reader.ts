import express, { type Request, type Response } from 'express';
import { SpooliteError } from '../core/errors.js';
import { parseJsonBody } from '../validation/json-body.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;

/** What the body reader of Express says when it fails. */
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

const isEmpty = ({ headers }: Request): boolean =>
  headers['content-length'] === '0' ||
  (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined);

/** JSON text of what somebody else's parser made of a body, so that the same rules hold for it. */
function textAgain(body: unknown): Buffer {
  try {
    return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  } catch {
    throw new SpooliteError('MALFORMED_JSON', 'The body is nested too deeply, or is not JSON');
  }
}

/** The bytes of the body; null when there are none. */
function bytesOf(req: Request, limit: number): Buffer | null {
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

/** Reads a request's body as JSON; resolves to undefined when there is none. */
export type BodyReader = (req: Request, res: Response) => Promise<unknown>;

/**
 * Reads JSON bodies. `limit` counts the bytes after decompression. A body that a program which this app is mounted in has read
 * already is taken from `req.body`, whether as bytes, as text, or parsed.
 */
export function bodyReader(limit: number): BodyReader {
  const readBytes = express.raw({ type: () => true, limit });
  return async (req, res) => {
    await new Promise<void>((resolve, reject) => {
      readBytes(req, res, (error?: unknown) => (error ? reject(explain(error as ReadError)) : resolve()));
    });
    const bytes = bytesOf(req, limit);
    if (!bytes) return undefined;
    assertJsonType(req.headers['content-type']);
    return parseJsonBody(bytes);
  };
}
