import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { SpooliteError } from '../../domain/spoolite-error.js';
import { onlyReading } from '../only-reading.js';
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

/** Up from a screen's address to where the server has the page: a task's is one level deeper. */
const upFrom = (path: string): '' | '../' => (path.lastIndexOf('/') > 0 ? '../' : '');

/** True for the address of the mounted app without the slash that relative addresses need. */
const lacksSlash = ({ baseUrl, originalUrl }: Request): boolean =>
  baseUrl !== '' && originalUrl.split('?', 1)[0] === baseUrl;

/** The addresses that {@link servePages} answers. */
export const PAGES = [SCREENS, ASSETS];

/** Serves the dashboard from the folder that its build has made. `first` comes before what it answers, and nothing else. */
export function servePages(folder: URL, first: readonly RequestHandler[]): Router {
  const files = new PageFiles(folder);
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
