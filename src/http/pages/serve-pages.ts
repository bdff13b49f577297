import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { SpooliteError } from '../../domain/spoolite-error.js';
import { onlyReading } from '../only-reading.js';
import { setPageHeaders } from '../page-headers.js';
import type { PageFile, PageFiles } from './page-files.js';

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

/** The page is not made for addresses that are deeper than anybody types. */
const MOST_LEVELS = 8;

/** Up from an address to where the server has the page: a task's is one level deeper than the list's. */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 2);

/** True for the address of the mounted app without the slash that relative addresses need. */
const lacksSlash = ({ baseUrl, originalUrl }: Request): boolean =>
  baseUrl !== '' && originalUrl.split('?', 1)[0] === baseUrl;

/** The addresses that {@link servePages} answers. */
export const PAGES = [SCREENS, ASSETS];

/** Serves the dashboard. `first` comes before what it answers, and nothing else. */
export function servePages(files: PageFiles, first: readonly RequestHandler[]): Router {
  const pages = express.Router({ strict: true, caseSensitive: true });
  pages.all(SCREENS, onlyReading, ...first, async (req, res) => {
    if (lacksSlash(req)) return res.redirect(308, `${req.baseUrl}/`);
    const page = await files.page(upFrom(req.path));
    if (!page) throw notBuilt();
    send(req, res, page, CACHE.page);
  });
  const find: RequestHandler = async (req, res, next) => {
    const [name = ''] = Object.values(req.params);
    res.locals.asset = await files.asset(String(name));
    next(res.locals.asset ? undefined : 'route');
  };
  pages.all(ASSETS, onlyReading, find, ...first, (req, res) => send(req, res, res.locals.asset, CACHE.asset));
  return pages;
}

/**
 * Answers a browser at an address where nothing is: with the screen of that address where only a slash is too much, else with the
 * page, which says that there is no such screen. Programs, and whatever asks below `/api/`, get the API's error instead.
 */
export function pageNotFound(files: PageFiles): RequestHandler {
  return async (req, res, next) => {
    const { path } = req;
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    const bare = path.replace(/\/$/, '');
    if (bare !== path && SCREENS.test(bare)) {
      const [, search] = req.originalUrl.split('?', 2);
      return res.redirect(308, `${req.baseUrl}${bare}${search === undefined ? '' : `?${search}`}`);
    }
    const isForPrograms = path.startsWith('/api/') || req.accepts(['json', 'html']) !== 'html';
    if (isForPrograms || path.split('/').length > MOST_LEVELS) return next();
    const page = await files.page(upFrom(path));
    if (!page) return next();
    res.statusCode = 404;
    send(req, res, page, CACHE.page);
  };
}
