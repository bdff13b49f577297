import { API_DOCUMENT, resolved } from './api-document.js';

// biome-ignore lint/suspicious/noExplicitAny: as in the document
type Part = any;

const PATHS = Object.entries<Part>(API_DOCUMENT.paths).map(([template, item]) => ({
  pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
  item,
}));

function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** What may answer a request to something that the document does not have. */
const NO_ROUTE = {
  404: {
    headers: { 'X-Request-Id': { required: true }, 'Cache-Control': { required: true } },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
};

/** The replies that the document has for a request, by status; null where the path is not one of the API. */
export function documentedReplies(method: string, path: string): Record<string, Part> | null {
  const found = PATHS.find(({ pattern }) => pattern.test(path));
  if (!found || !isEncoded(path)) return path.startsWith('/api') ? NO_ROUTE : null;
  const { options } = found.item;
  const operation = found.item[method.toLowerCase()] ?? { responses: { 405: options.responses[405] } };
  return Object.fromEntries(
    Object.entries(operation.responses).map(([status, reply]) => [status, resolved(reply)]),
  );
}
