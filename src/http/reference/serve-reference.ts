import { readdirSync } from 'node:fs';
import express, { type RequestHandler, type Router } from 'express';
import { packageFile } from '../../domain/package-files.js';
import { onlyReading } from '../only-reading.js';
import { setPageHeaders } from '../page-headers.js';

/** Where the build puts the page. */
const FOLDER = 'dist/reference';

/** Everything from the server itself; the pictures that Swagger UI has in its style sheet are data. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

/** The files may change with the program; browsers ask each time whether they have. */
const asPage: RequestHandler = (req, res, next) => {
  // Whole or not at all: what reads files would refuse these in a way that the API has no word for.
  delete req.headers['if-match'];
  delete req.headers['if-unmodified-since'];
  setPageHeaders(res, POLICY);
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
