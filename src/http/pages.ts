import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { BareResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';

/** The addresses of the dashboard's screens; all of them are one page, which looks at the address itself. */
const SCREENS = /^\/(?:tasks(?:\/[1-9]\d*)?|new|health)?$/;

const ASSETS = /^\/assets\/([\w.-]+)$/;

/** Scripts, styles and requests of the server itself, and nothing else; workers go by the policy of their own file. */
const PAGE_POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page may change with the program; its files have their content's mark in their name. */
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

const compress = promisify(gzip);

/** Media types of the files that the build of the page makes. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Refers to its files by relative addresses, as it does not know under which path it is mounted. */
const PAGE = 'index.html';

/** A file, ready to be sent. */
export interface PageFile {
  type: string;
  plain: Buffer;
  gzipped: Buffer;
  /** A strong tag of the content as it is sent: the two encodings have different ones. */
  tags: { plain: string; gzipped: string };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The built page. Each file is read and compressed once, when it is first asked for, off the main thread. */
export class PageFiles {
  readonly #folder: URL;
  readonly #files = new Map<string, Promise<PageFile>>();
  #assets: Promise<ReadonlySet<string>> | undefined;

  constructor(folder: URL) {
    this.#folder = folder;
  }

  /** The page itself, its files to be looked for `up` from its address; null where it was not built. */
  page(up: string): Promise<PageFile | null> {
    return this.#find(PAGE, up);
  }

  /** A file that the page refers to; null when it has none of that name. */
  async asset(name: string): Promise<PageFile | null> {
    this.#assets ??= this.#listAssets();
    return (await this.#assets).has(name) ? this.#find(`assets/${name}`) : null;
  }

  /** Only names that are in the folder are ever looked up. */
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
      // It may be there the next time.
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
 * What a page for people carries in place of, and besides, the default headers: what it may load, and that a page which has
 * opened it, or which it opens, is not to reach into it.
 */
export function setPageHeaders(res: BareResponse, policy: string): void {
  res.setHeader('Content-Security-Policy', policy);
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
}

export const isReading = ({ method }: { method?: string }): boolean => method === 'GET' || method === 'HEAD';

/**
 * First in a route of `all` methods, leaves those but GET and HEAD to what comes after. A route of `get` would not: Express
 * answers OPTIONS for it.
 */
export const onlyReading: RequestHandler<object> = (req, _res, next) =>
  next(isReading(req) ? undefined : 'route');

/** Where the build puts the page. */
const FOLDER = 'dist/reference';

/** Everything from the server itself; the pictures that Swagger UI has in its style sheet are data. */
const REFERENCE_POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The files may change with the program; browsers ask each time whether they have. */
const asPage: RequestHandler = (req, res, next) => {
  // Whole or not at all: what reads files would refuse these in a way that the API has no word for.
  delete req.headers['if-match'];
  delete req.headers['if-unmodified-since'];
  setPageHeaders(res, REFERENCE_POLICY);
  res.setHeader('Cache-Control', 'no-cache');
  next();
};

/** The addresses that {@link serveReference} answers. */
export const REFERENCE = /^\/(?:docs|redoc)(?:\/|$)/;

/**
 * The reference for people at `/docs`, which reads `/openapi.json`; `/redoc` leads to it. `first` comes before what it answers,
 * and nothing else.
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
