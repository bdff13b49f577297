import type { Route } from '../route.js';
import type { Reply } from '../route-docs.js';
import type { ErrorReplies } from './error-replies.js';
import { type Define, joiToJsonSchema } from './joi-to-json-schema.js';
import { parametersOf } from './parameters.js';
import { LIMIT_HEADERS, replyHeaders } from './reply-headers.js';
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

function replyOf({ description, headers = [], content }: Reply, { budget }: Route) {
  const { mediaType = 'application/json', alsoAs, ...body } = content ?? {};
  return {
    description,
    headers: replyHeaders([...headers, ...(budget === 'none' ? [] : LIMIT_HEADERS)]),
    ...(content && { content: { [mediaType]: body, ...(alsoAs && { [alsoAs]: body }) } }),
  };
}

/** Which scopes a key needs and what the request counts as, for people. */
function entranceNote({ scopes, budget }: Route): string {
  const notes = [
    ...(scopes.length === 0 ? [] : [`Scope: ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.`]),
    ...(budget === 'none' ? [] : [`Counts for the limit of \`${budget}\`.`]),
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
