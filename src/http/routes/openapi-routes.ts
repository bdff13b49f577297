import type { OwnUrls } from '../../controllers/own-urls.js';
import { openApiDocument } from '../openapi/openapi-document.js';
import { OpenApiEndpoint } from '../openapi/openapi-endpoint.js';
import type { Route } from '../route.js';
import { NO_PARAMETERS } from '../schemas/query.js';
import { operatingDocs } from './operating-docs.js';

/** The document of these routes, and of its own. */
export function openApiRoutes(others: readonly Route[], version: string, urls: OwnUrls): Route[] {
  const endpoint = new OpenApiEndpoint(() => openApiDocument([...others, ...own], version), urls);
  const own: Route[] = [
    {
      method: 'get',
      path: '/openapi.json',
      scopes: [],
      budget: 'none',
      schemas: { query: NO_PARAMETERS },
      docs: operatingDocs.openApi,
      handle: endpoint.read,
    },
  ];
  return own;
}
