import type { Schema } from 'joi';
import type { Parameter, RequestHeader } from '../../controllers/request-headers.js';
import type { ReplyDocs, Route } from '../../controllers/route.js';
import { LIMIT_HEADERS, replyHeaders } from '../../controllers/route-docs.js';
import { ERROR_CODES, type ErrorCode } from '../../core/errors.js';
import type { ErrorReplies } from './error-replies.js';
import { type Define, joiToJsonSchema, metaOf } from './joi-to-json-schema.js';

/** What operations refer to and the document has once. */
export interface Components {
  define: Define;
  errors: ErrorReplies;
}

const headerRef = (name: RequestHeader) => ({ $ref: `#/components/parameters/${name}` });

function parameters({ schemas, docs }: Route): object[] {
  return [
    ...parametersOf('path', schemas?.params),
    ...parametersOf('query', schemas?.query),
    ...parametersOf('header', schemas?.headers),
    ...[...(docs.requestHeaders ?? []), 'XRequestId' as const].map(headerRef),
  ];
}

const bodyOf = ({ schemas, docs }: Route, define: Define) =>
  schemas?.body && {
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: joiToJsonSchema(schemas.body, define),
          examples: docs.bodies,
        },
      },
    },
  };

function replyOf({ description, headers = [], content }: ReplyDocs, { rateLimit }: Route) {
  const { mediaType = 'application/json', alsoAs, ...body } = content ?? {};
  return {
    description,
    headers: replyHeaders([...headers, ...(rateLimit === 'none' ? [] : LIMIT_HEADERS)]),
    ...(content && { content: { [mediaType]: body, ...(alsoAs && { [alsoAs]: body }) } }),
  };
}

/** Which scopes a key needs and what the request counts as, for people. */
function entranceNote({ scopes, rateLimit }: Route): string {
  const notes = [
    ...(scopes.length === 0 ? [] : [`Scope: ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.`]),
    ...(rateLimit === 'none' ? [] : [`Counts for the limit of \`${rateLimit}\`.`]),
  ];
  return notes.length === 0 ? '' : `\n\n${notes.join(' ')}`;
}

/** The operation that a route is. */
export function operationOf(route: Route, { define, errors }: Components): Record<string, unknown> {
  const { operationId, tag, summary, description, replies } = route.docs;
  const own = Object.entries(replies).map(([status, reply]) => [status, replyOf(reply, route)]);
  return {
    operationId,
    tags: [tag],
    summary,
    description: `${description}${entranceNote(route)}`,
    ...securityOf(route),
    parameters: parameters(route),
    ...bodyOf(route, define),
    responses: {
      ...Object.fromEntries(own),
      ...errors.of(routeErrors(route)),
    },
  };
}

const HEADER_CASE = /(^|-)[a-z]/g;

/** `idempotency-key` → `Idempotency-Key`. */
const headerName = (name: string): string => name.replace(HEADER_CASE, (letter) => letter.toUpperCase());

const noNames = (name: string): never => {
  throw new Error(`A parameter's schema has the name ${name}, which is for bodies`);
};

function parameterOf(name: string, place: Parameter['in'], schema: Schema): Parameter {
  const { description, ...rest } = joiToJsonSchema(schema, noNames);
  return {
    name: place === 'header' ? headerName(name) : name,
    in: place,
    description: description as string,
    ...(place === 'path' && { required: true }),
    ...metaOf(schema).parameter,
    schema: rest,
  };
}

/** The parameters that a Joi object of a request's part stands for. */
export function parametersOf(place: Parameter['in'], object: Schema | undefined): Parameter[] {
  if (!object) return [];
  const members: { key: string; schema: Schema }[] = object.$_terms.keys;
  return members
    .filter(({ schema }) => metaOf(schema).documented !== false)
    .map(({ key, schema }) => parameterOf(key, place, schema));
}

const BODY: readonly ErrorCode[] = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
/** Whatever asks for a key reads the keys, and those are in the database too. */
const KEYED: readonly ErrorCode[] = ['UNAUTHENTICATED', 'STORAGE_BUSY', 'NOT_READY'];

/** Every error that a route can answer: those of its kind, and its own. In the order of the list of codes. */
export function routeErrors({ method, path, scopes, rateLimit, schemas, docs }: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...(scopes.length > 0 ? KEYED : []),
    'FORBIDDEN',
    ...(schemas ? (['VALIDATION_FAILED'] as const) : []),
    ...(schemas?.body ? BODY : []),
    // A segment that is not validly encoded is no route.
    ...(path.includes(':task_id') ? (['TASK_NOT_FOUND', 'ROUTE_NOT_FOUND'] as const) : []),
    ...(method === 'post' && scopes.length > 0 ? (['STORAGE_FULL'] as const) : []),
    // Who brings wrong keys is refused where nothing is counted, too.
    ...(rateLimit !== 'none' || scopes.length > 0 ? (['RATE_LIMITED'] as const) : []),
    ...(docs.errors ?? []),
    'INTERNAL_ERROR',
  ]);
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** Ways to show a key. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of this server, made by `spoolite keys create`. While there is none, none is needed.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The same key, for what cannot send the other.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'spoolite_session',
    description: 'For browsers: what signing in gives.',
  },
} as const;

/** Any of these; none while the server has no key. */
export const SECURITY = [{ bearer: [] }, { apiKey: [] }, { session: [] }, {}];

/** What an operation says of who may call it. */
export const securityOf = ({ scopes }: Route): object =>
  scopes.length === 0 ? { security: [] } : { 'x-scopes': scopes };
