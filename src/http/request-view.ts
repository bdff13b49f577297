import { parse } from 'node:querystring';
import type { Request } from 'express';

const settable = (value: unknown): PropertyDescriptor => ({
  value,
  writable: true,
  enumerable: true,
  configurable: true,
});

/** The query as the client has sent it. */
function queryOf({ url }: Request): object {
  const start = url.indexOf('?');
  return start === -1 ? {} : parse(url.slice(start + 1), '&', '=', { maxKeys: 0 });
}

/**
 * The request with parts of its own, for the schemas to convert. The parts of the request itself may belong to a program that this
 * app is mounted in, whose parsers have changed them and whose validators have made them unwritable; in Express 5 the query
 * is a getter besides, which cannot be set.
 */
export const requestView = (req: Request, body: unknown): Request =>
  Object.create(req, {
    headers: settable(req.headers),
    params: settable(req.params),
    query: settable(queryOf(req)),
    body: settable(body),
  });
