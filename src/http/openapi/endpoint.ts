import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../auth/exchange.js';
import type { OwnUrls } from '../../controllers/own-urls.js';
import { sendJson } from '../../controllers/respond.js';
import type { Route, RouteDocs } from '../../controllers/route.js';
import { emptyReply, jsonReply } from '../../controllers/route-docs.js';
import { namesTag } from '../../controllers/task-resource.js';
import { NO_PARAMETERS } from '../../validation/query.js';
import { type OpenApiDocument, openApiDocument } from './document.js';

const read: RouteDocs = {
  operationId: 'getOpenApi',
  tag: 'operating',
  summary: 'Read this document',
  description: 'The API as OpenAPI 3.1. `/docs` renders it.',
  requestHeaders: ['IfNoneMatch'],
  replies: {
    200: jsonReply(
      'The document.',
      { type: 'object', description: 'A document of OpenAPI 3.1.' },
      { 'Its beginning': { openapi: '3.1.1', info: { title: 'Spoolite', version: '0.1.0' } } },
      ['ETag'],
    ),
    304: emptyReply('Not modified.', ['ETag']),
  },
};

/** The route of the document of `others`, which includes itself. */
export function openApiRoutes(others: readonly Route[], version: string, urls: OwnUrls): Route[] {
  const endpoint = new OpenApiEndpoint(() => openApiDocument([...others, ...own], version), urls);
  const own: Route[] = [
    {
      method: 'get',
      path: '/openapi.json',
      scopes: [],
      rateLimit: 'none',
      schemas: { query: NO_PARAMETERS },
      docs: read,
      handle: endpoint.read,
    },
  ];
  return own;
}

interface Built {
  /** The server's address in the document. */
  url: string;
  json: string;
  tag: string;
}

/** Serves the API's document, built on the first request, with the address that the client used. */
export class OpenApiEndpoint {
  readonly #build: () => OpenApiDocument;
  readonly #urls: OwnUrls;
  #document: OpenApiDocument | undefined;
  #built: Built | undefined;

  constructor(build: () => OpenApiDocument, urls: OwnUrls) {
    this.#build = build;
    this.#urls = urls;
  }

  read = async (
    { headers }: { headers: { 'if-none-match'?: string | undefined } },
    res: HttpResponse,
  ): Promise<void> => {
    const url = this.#urls.of(res, '') || '/';
    if (this.#built?.url !== url) this.#built = this.#make(url);
    const { json, tag } = this.#built;
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (!namesTag(headers['if-none-match'] ?? '', tag)) return sendJson(res, 200, json);
    res.statusCode = 304;
    res.end();
  };

  #make(url: string): Built {
    // All but the address is independent of the request.
    this.#document ??= this.#build();
    const json = JSON.stringify({ ...this.#document, servers: [{ ...this.#document.servers[0], url }] });
    return { url, json, tag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
  }
}
