import type { Route } from '../route.js';
import type { ErrorReplies } from './error-replies.js';
import { parametersOf } from './parameters.js';
import { replyHeaders } from './reply-headers.js';

interface Operation {
  [member: string]: unknown;
}

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const withoutContent = (responses: unknown): Operation =>
  Object.fromEntries(
    Object.entries(responses as Record<string, Operation>).map(([status, { content: _, ...reply }]) => [
      status,
      reply,
    ]),
  );

/** HEAD, which is there wherever GET is. Its answers have no body; those to errors are said as GET's are. */
export const headOperation = (route: Route, get: Operation): Operation => ({
  ...get,
  operationId: `head${pascal(route.docs.operationId)}`,
  summary: `${route.docs.summary}: the headers alone`,
  responses: withoutContent(get.responses),
});

/** OPTIONS, which is there on every path; also says what the path answers to methods that it does not have. */
export const optionsOperation = ({ schemas, docs }: Route, errors: ErrorReplies): Operation => ({
  operationId: `optionsOf${pascal(docs.operationId)}`,
  tags: [docs.tag],
  summary: 'Ask which methods are possible here',
  parameters: [...parametersOf('path', schemas?.params), { $ref: '#/components/parameters/XRequestId' }],
  description: '`Allow` names them. Any method that is not among them is answered by a 405, as below.',
  responses: {
    204: { description: 'The methods.', headers: replyHeaders(['Allow']) },
    ...errors.of(['METHOD_NOT_ALLOWED']),
  },
});
