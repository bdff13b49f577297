import { REPLY_HEADERS, replyHeaders } from '../../../src/controllers/route-docs.js';
import { ErrorReplies } from '../../../src/http/openapi/error-replies.js';
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

/** What the document says in words of all paths alike. */
const OF_ANY_PATH = new ErrorReplies();
OF_ANY_PATH.of(['METHOD_NOT_ALLOWED']);
const { Allow } = REPLY_HEADERS;
const ALLOWED = { 204: { headers: { ...replyHeaders(), Allow } } };
const { headers, ...notAllowed } = OF_ANY_PATH.components.MethodNotAllowed as Part;
const NOT_ALLOWED = { 405: { ...notAllowed, headers: { ...headers, Allow } } };

const withoutContent = (replies: Record<string, Part>): Record<string, Part> =>
  Object.fromEntries(
    Object.entries(replies).map(([status, reply]) => [status, { ...resolved(reply), content: undefined }]),
  );

function repliesOf(item: Part, method: string): Record<string, Part> {
  if (method === 'OPTIONS') return ALLOWED;
  if (method === 'HEAD' && item.get) return withoutContent(item.get.responses);
  return item[method.toLowerCase()]?.responses ?? NOT_ALLOWED;
}

/** The replies that the document has for a request, by status; null where the path is not one of the API. */
export function documentedReplies(method: string, path: string): Record<string, Part> | null {
  const found = PATHS.find(({ pattern }) => pattern.test(path));
  if (!found || !isEncoded(path)) return path.startsWith('/api') ? NO_ROUTE : null;
  return Object.fromEntries(
    Object.entries(repliesOf(found.item, method)).map(([status, reply]) => [status, resolved(reply)]),
  );
}
