import type { Route } from '../route.js';
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

/** HEAD, which is there wherever GET is. Errors keep their description; no answer has a body. */
export const headOperation = (route: Route, get: Operation): Operation => ({
  ...get,
  operationId: `head${pascal(route.docs.operationId)}`,
  summary: `${route.docs.summary}: the headers alone`,
  responses: withoutContent(get.responses),
});

/** OPTIONS, which is there on every path. */
export const optionsOperation = ({ docs }: Route): Operation => ({
  operationId: `optionsOf${pascal(docs.operationId)}`,
  tags: [docs.tag],
  summary: 'Ask which methods are possible here',
  description: '`Allow` names them.',
  responses: { 204: { description: 'The methods.', headers: replyHeaders(['Allow']) } },
});
