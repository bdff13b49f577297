import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { DEFAULTS } from '../../src/config/options.js';
import { createControllers } from '../../src/controllers/controllers.js';
import { REPLY_HEADERS, replyHeaders } from '../../src/controllers/route-docs.js';
import { openApiDocument } from '../../src/http/openapi/document.js';
import { ErrorReplies } from '../../src/http/openapi/error-replies.js';
import { createRoutes } from '../../src/http/routes.js';
import { systemClock } from '../../src/index.js';
import type { Repositories } from '../../src/repositories/storage.js';

/** The route table; nothing can be asked of it. */
export const ROUTES = createRoutes(
  createControllers({
    settings: DEFAULTS,
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

type Schema = Record<string, unknown>;

/**
 * The document lets answers have members that it does not name, so that clients bear it when some are added. What the
 * program of this version answers has none.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Schema = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const isShape = copy.type === 'object' && copy.properties !== undefined;
  return isShape ? { additionalProperties: false, ...copy } : copy;
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addVocabulary(['components']);
const SCHEMAS = closed(API_DOCUMENT.components.schemas) as Schema;

/** References lead into the document: so does the schema that ajv compiles. */
const compile = (schema: object): ValidateFunction =>
  ajv.compile({ ...schema, components: { schemas: SCHEMAS } });

const compiled = new WeakMap<object, ValidateFunction>();

/** What is wrong with a value by a schema of the document; empty when nothing is. */
export function problemsBySchema(schema: object, value: unknown): string[] {
  const validate = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

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
