import express, { type RequestHandler, type Router } from 'express';
import { packageFile } from '../../domain/package-files.js';
import { otherMethods } from '../other-methods.js';
import { setPageHeaders } from '../page-headers.js';

/** Where the build puts the page. */
const FOLDER = 'dist/reference';

/** Everything from the server itself; the pictures that Swagger UI has in its style sheet are data. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

const refuseOthers = otherMethods(['GET']);

const onlyReading: RequestHandler = (req, res, next) =>
  req.method === 'GET' || req.method === 'HEAD' ? next() : refuseOthers(req, res, next);

/** The files may change with the program; browsers ask each time whether they have. */
const asPage: RequestHandler = (req, res, next) => {
  // Whole or not at all: what reads files would refuse these in a way that the API has no word for.
  delete req.headers['if-match'];
  delete req.headers['if-unmodified-since'];
  setPageHeaders(res, POLICY);
  res.setHeader('Cache-Control', 'no-cache');
  next();
};

/** The reference for people at `/docs`, which reads `/openapi.json`; `/redoc` leads to it. */
export function serveReference(): Router {
  const root = packageFile(FOLDER);
  const files = { cacheControl: false, acceptRanges: false };
  const pages = express.Router({ strict: true, caseSensitive: true });
  pages.use(['/docs', '/redoc'], onlyReading, asPage);
  pages.get('/docs', (_req, res) => res.sendFile('index.html', { root, ...files }));
  pages.get(['/docs/', '/docs/index.html', '/redoc', '/redoc/'], (_req, res) => res.redirect('/docs'));
  pages.use('/docs', express.static(root, { index: false, redirect: false, ...files }));
  return pages;
}
