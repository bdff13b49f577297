import { createControllers } from '../../../src/controllers/controllers.js';
import { openApiDocument } from '../../../src/http/openapi/document.js';
import { createRoutes } from '../../../src/http/routes.js';
import { systemClock } from '../../../src/index.js';
import type { Repositories } from '../../../src/repositories/repositories.js';

/** The route table; nothing can be asked of it. */
export const ROUTES = createRoutes(
  createControllers({
    repositories: {} as Repositories,
    clock: systemClock,
    version: '0',
    readiness: async () => ({}),
    onCommit: () => () => {},
  }),
  '0',
);

/** A part of the document, as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
type Part = any;

/** The API's document, as it is served. */
export const API_DOCUMENT: Part = JSON.parse(JSON.stringify(openApiDocument(ROUTES, '0')));

/** What a reference within the document leads to; anything else is what it is. */
export function resolved(part: Part): Part {
  if (part?.$ref === undefined) return part;
  const [, ...path] = part.$ref.split('/');
  return path.reduce((at: Part, name: string) => at?.[name], API_DOCUMENT);
}
