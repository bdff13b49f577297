import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { BareResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';

/** The paths of the dashboard's screens; all serve one page, which reads the path itself. */
const SCREENS = /^\/(?:tasks(?:\/[1-9]\d*)?|new|health)?$/;

const ASSETS = /^\/assets\/([\w.-]+)$/;

/** Scripts, styles and requests from this server only; workers have the policy of their own file. */
const PAGE_POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page may change with the program; its files have a content hash in their name. */
const CACHE = { page: 'no-cache', asset: 'public, max-age=31536000, immutable' };

const namesTag = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((named) => named.trim().replace(/^W\//, '') === tag) ?? false;

function send(req: Request, res: Response, file: PageFile, caching: string): void {
  const encoding = req.acceptsEncodings('gzip') ? 'gzipped' : 'plain';
  res.setHeader('Cache-Control', caching);
  setPageHeaders(res, PAGE_POLICY);
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

/** Deepest path with the page; deeper ones are never typed. */
const MOST_LEVELS = 8;

/** The relative path from a screen to the page's root: a task's is one level deeper than the list's. */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 2);

/** True for the mount path without the slash that relative URLs need. */
const lacksSlash = ({ baseUrl, originalUrl }: Request): boolean =>
  baseUrl !== '' && originalUrl.split('?', 1)[0] === baseUrl;

/** The paths that {@link servePages} answers. */
export const PAGES = [SCREENS, ASSETS];

/** Serves the dashboard. `first` runs only before its own replies. */
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
 * Answers a browser at an unknown path: if only a slash is too much, with a redirect to the screen, else with the page,
 * which shows that there is no such screen. Programs, and any request below `/api/`, get the API's error instead.
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

const compress = promisify(gzip);

/** Media types of the files of the page's build. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Refers to its files by relative URLs, as the mount path is unknown to it. */
const PAGE = 'index.html';

/** A file, ready to send. */
export interface PageFile {
  type: string;
  plain: Buffer;
  gzipped: Buffer;
  /** Strong tags of the content as sent: each encoding has its own. */
  tags: { plain: string; gzipped: string };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The built page. Each file is read and compressed once, on first use, off the main thread. */
export class PageFiles {
  readonly #folder: URL;
  readonly #files = new Map<string, Promise<PageFile>>();
  #assets: Promise<ReadonlySet<string>> | undefined;

  constructor(folder: URL) {
    this.#folder = folder;
  }

  /** The page, with its files relative to `up`; null if it was not built. */
  page(up: string): Promise<PageFile | null> {
    return this.#find(PAGE, up);
  }

  /** A file of the page; null if there is none of that name. */
  async asset(name: string): Promise<PageFile | null> {
    this.#assets ??= this.#listAssets();
    return (await this.#assets).has(name) ? this.#find(`assets/${name}`) : null;
  }

  /** Only names listed in the folder are ever opened. */
  async #listAssets(): Promise<ReadonlySet<string>> {
    try {
      return new Set(await readdir(new URL('assets/', this.#folder)));
    } catch (error) {
      this.#assets = undefined;
      if (isMissing(error)) return new Set();
      throw error;
    }
  }

  async #find(path: string, up = ''): Promise<PageFile | null> {
    const key = `${up}${path}`;
    let file = this.#files.get(key);
    if (!file) {
      file = this.#read(path, up);
      this.#files.set(key, file);
    }
    try {
      return await file;
    } catch (error) {
      // It may exist the next time.
      this.#files.delete(key);
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async #read(path: string, up: string): Promise<PageFile> {
    const built = await readFile(new URL(path, this.#folder));
    const plain = up === '' ? built : Buffer.from(built.toString().replaceAll('"./', `"${up}`));
    const gzipped = await compress(plain, { level: 9 });
    const mark = createHash('sha256').update(plain).digest('base64url').slice(0, 16);
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return { type, plain, gzipped, tags: { plain: `"${mark}"`, gzipped: `"${mark}-gz"` } };
  }
}

/**
 * Headers of pages for people, beside and in place of the default ones: what the page may load, and its isolation from
 * opener and opened pages.
 */
export function setPageHeaders(res: BareResponse, policy: string): void {
  res.setHeader('Content-Security-Policy', policy);
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
}

export const isReading = ({ method }: { method?: string }): boolean => method === 'GET' || method === 'HEAD';

/**
 * First in a route of `all` methods, leaves all but GET and HEAD to later handlers. A route of `get` would not do:
 * Express answers OPTIONS for it.
 */
export const onlyReading: RequestHandler<object> = (req, _res, next) =>
  next(isReading(req) ? undefined : 'route');

/** The build's output folder. */
const FOLDER = 'dist/reference';

/** Everything from this server; the images in Swagger UI's style sheet are data URLs. */
const REFERENCE_POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The files may change with the program, so browsers revalidate. */
const asPage: RequestHandler = (req, res, next) => {
  // No preconditions: the static file handler would fail them with errors that the API lacks.
  delete req.headers['if-match'];
  delete req.headers['if-unmodified-since'];
  setPageHeaders(res, REFERENCE_POLICY);
  res.setHeader('Cache-Control', 'no-cache');
  next();
};

/** The paths that {@link serveReference} answers. */
export const REFERENCE = /^\/(?:docs|redoc)(?:\/|$)/;

/**
 * The reference for people at `/docs`, which reads `/openapi.json`; `/redoc` redirects to it. `first` runs only before
 * its own replies.
 */
export function serveReference(first: readonly RequestHandler[]): Router {
  const root = packageFile(FOLDER);
  const files = { root, cacheControl: false, acceptRanges: false };
  const pages = express.Router({ strict: true, caseSensitive: true });
  pages.all('/docs', onlyReading, ...first, asPage, (_req, res) => res.sendFile('index.html', files));
  pages.all(['/docs/', '/docs/index.html', '/redoc', '/redoc/'], onlyReading, ...first, asPage, (req, res) =>
    res.redirect(`${req.baseUrl}/docs`),
  );
  let names: readonly string[] | undefined;
  const find: RequestHandler<{ name: string }> = (req, _res, next) => {
    names ??= readdirSync(root);
    next(names.includes(req.params.name) ? undefined : 'route');
  };
  pages.all('/docs/:name', onlyReading, find, ...first, asPage, (req, res) =>
    res.sendFile(req.params.name, files),
  );
  return pages;
}
