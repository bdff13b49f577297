import type { Schema } from 'joi';
import type { Parameter, RequestHeader } from '../../controllers/request-headers.js';
import type { ReplyDocs, Route } from '../../controllers/route.js';
import { LIMIT_HEADERS, replyHeaders } from '../../controllers/route-docs.js';
import { ERROR_CODES, type ErrorCode } from '../../core/errors.js';
import type { ErrorReplies } from './error-replies.js';
import { type Define, joiToJsonSchema, metaOf } from './joi-to-json-schema.js';

/** The shared parts of the document, which operations refer to. */
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

/** Required scopes and rate-limit class, for people. */
function policyNote({ scopes, rateLimit }: Route): string {
  const notes = [
    ...(scopes.length === 0 ? [] : [`Scope: ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.`]),
    ...(rateLimit === 'none' ? [] : [`Counts against the limit for \`${rateLimit}\`.`]),
  ];
  return notes.length === 0 ? '' : `\n\n${notes.join(' ')}`;
}

/** The operation of a route. */
export function operationOf(route: Route, { define, errors }: Components): Record<string, unknown> {
  const { operationId, tag, summary, description, replies } = route.docs;
  const own = Object.entries(replies).map(([status, reply]) => [status, replyOf(reply, route)]);
  return {
    operationId,
    tags: [tag],
    summary,
    description: `${description}${policyNote(route)}`,
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

/** The parameters in a Joi object of a part of the request. */
export function parametersOf(place: Parameter['in'], object: Schema | undefined): Parameter[] {
  if (!object) return [];
  const members: { key: string; schema: Schema }[] = object.$_terms.keys;
  return members
    .filter(({ schema }) => metaOf(schema).documented !== false)
    .map(({ key, schema }) => parameterOf(key, place, schema));
}

const BODY: readonly ErrorCode[] = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
/** Checking a key reads the keys, which are in the database too. */
const KEYED: readonly ErrorCode[] = ['UNAUTHENTICATED', 'STORAGE_BUSY', 'NOT_READY'];

/** Every error that a route can return: those of its kind, and its own. In the order of the list of codes. */
export function routeErrors({ method, path, scopes, rateLimit, schemas, docs }: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...(scopes.length > 0 ? KEYED : []),
    'FORBIDDEN',
    ...(schemas ? (['VALIDATION_FAILED'] as const) : []),
    ...(schemas?.body ? BODY : []),
    // An invalidly encoded segment matches no route.
    ...(path.includes(':task_id') ? (['TASK_NOT_FOUND', 'ROUTE_NOT_FOUND'] as const) : []),
    ...(method === 'post' && scopes.length > 0 ? (['STORAGE_FULL'] as const) : []),
    // Failed authentications are limited even where requests are not.
    ...(rateLimit !== 'none' || scopes.length > 0 ? (['RATE_LIMITED'] as const) : []),
    ...(docs.errors ?? []),
    'INTERNAL_ERROR',
  ]);
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** Ways to send a key. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key of this server, created by `spoolite keys create`. Not required while the server has none.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The same key, for clients that cannot send the other header.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'spoolite_session',
    description: 'For browsers: the cookie from signing in.',
  },
} as const;

/** Any of these; none while the server has no key. */
export const SECURITY = [{ bearer: [] }, { apiKey: [] }, { session: [] }, {}];

/** The security requirement of an operation. */
export const securityOf = ({ scopes }: Route): object =>
  scopes.length === 0 ? { security: [] } : { 'x-scopes': scopes };
