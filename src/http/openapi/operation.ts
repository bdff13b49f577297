import type { Route } from '../route.js';
import type { Reply } from '../route-docs.js';
import type { ErrorReplies } from './error-replies.js';
import { type Define, joiToJsonSchema } from './joi-to-json-schema.js';
import { parametersOf } from './parameters.js';
import { replyHeaders } from './reply-headers.js';
import type { RequestHeader } from './request-headers.js';
import { routeErrors } from './route-errors.js';
import { securityOf } from './security.js';

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

function replyOf({ description, headers, content }: Reply) {
  const { mediaType = 'application/json', alsoAs, ...body } = content ?? {};
  return {
    description,
    headers: replyHeaders(headers),
    ...(content && { content: { [mediaType]: body, ...(alsoAs && { [alsoAs]: body }) } }),
  };
}

/** Which scopes a key needs, for people. */
const scopeNote = ({ scopes }: Route): string =>
  scopes.length === 0 ? '' : `\n\nScope: ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.`;

/** The operation that a route is. */
export function operationOf(route: Route, { define, errors }: Components): Record<string, unknown> {
  const { operationId, tag, summary, description, replies } = route.docs;
  const own = Object.entries(replies).map(([status, reply]) => [status, replyOf(reply)]);
  return {
    operationId,
    tags: [tag],
    summary,
    description: `${description}${scopeNote(route)}`,
    ...securityOf(route),
    parameters: parameters(route),
    ...bodyOf(route, define),
    responses: {
      ...Object.fromEntries(own),
      ...errors.of(routeErrors(route)),
    },
  };
}
