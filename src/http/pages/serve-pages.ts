import type { Request, RequestHandler, Response } from 'express';
import { SpooliteError } from '../../domain/spoolite-error.js';
import { otherMethods } from '../other-methods.js';
import { setPageHeaders } from '../page-headers.js';
import { type PageFile, PageFiles } from './page-files.js';

/** The addresses of the dashboard's screens; all of them are one page, which looks at the address itself. */
const SCREENS = /^\/(?:tasks(?:\/[1-9]\d*)?|new|health)?$/;

const ASSETS = /^\/assets\/([\w.-]+)$/;

/** Scripts, styles and requests of the server itself, and nothing else; workers go by the policy of their own file. */
const POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page may change with the program; its files have their content's mark in their name. */
const CACHE = { page: 'no-cache', asset: 'public, max-age=31536000, immutable' };

const namesTag = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((named) => named.trim().replace(/^W\//, '') === tag) ?? false;

function send(req: Request, res: Response, file: PageFile, caching: string): void {
  const encoding = req.acceptsEncodings('gzip') ? 'gzipped' : 'plain';
  res.setHeader('Cache-Control', caching);
  setPageHeaders(res, POLICY);
  res.setHeader('ETag', file.tags[encoding]);
  res.setHeader('Vary', 'Accept-Encoding');
  if (namesTag(req.headers['if-none-match'], file.tags[encoding])) {
    res.statusCode = 304;
    res.end();
    return;
  }
  if (encoding === 'gzipped') res.setHeader('Content-Encoding', 'gzip');
  res.setHeader('Content-Type', file.type);
  res.setHeader('Content-Length', file[encoding].length);
  res.end(req.method === 'HEAD' ? undefined : file[encoding]);
}

const notBuilt = () =>
  new SpooliteError(
    'ROUTE_NOT_FOUND',
    'The dashboard was not built: run "npm run build" in the checkout and restart. The API works without it',
  );

const refuseOthers = otherMethods(['GET']);

/** Serves the dashboard from the folder that its build has made. Leaves every other address to what comes after. */
export function servePages(folder: URL): RequestHandler {
  const files = new PageFiles(folder);
  return async (req, res, next) => {
    const name = ASSETS.exec(req.path)?.[1];
    if (name === undefined && !SCREENS.test(req.path)) return next();
    if (req.method !== 'GET' && req.method !== 'HEAD') return refuseOthers(req, res, next);
    if (name === undefined) {
      const page = await files.page();
      if (!page) throw notBuilt();
      return send(req, res, page, CACHE.page);
    }
    const asset = await files.asset(name);
    return asset ? send(req, res, asset, CACHE.asset) : next();
  };
}
