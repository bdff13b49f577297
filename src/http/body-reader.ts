import express, { type Request, type RequestHandler } from 'express';
import { SpooliteError } from '../domain/spoolite-error.js';
import { parseJsonBody } from './parse-json-body.js';

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

function explain({ type, limit }: ReadError): SpooliteError {
  switch (type) {
    case 'entity.too.large':
      return new SpooliteError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes`);
    case 'encoding.unsupported':
      return new SpooliteError(
        'UNSUPPORTED_MEDIA_TYPE',
        'The Content-Encoding is not supported: send gzip, deflate or br, or no compression',
      );
    default:
      return new SpooliteError('MALFORMED_JSON', 'The body ended too early or could not be decompressed');
  }
}

/** The parsed body; undefined when there is none. */
function parseBody({ body, headers }: Request): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  assertJsonType(headers['content-type']);
  return parseJsonBody(body);
}

/** Reads a JSON body into `req.body`. `limit` counts the bytes after decompression. */
export function bodyReader(limit: number): RequestHandler {
  const readBytes = express.raw({ type: () => true, limit });
  return (req, res, next) => {
    readBytes(req, res, (error?: unknown) => {
      if (error) return next(explain(error as ReadError));
      try {
        req.body = parseBody(req);
      } catch (problem) {
        return next(problem);
      }
      next();
    });
  };
}
