import { REQUEST_HEADERS } from '../../controllers/request-headers.js';
import { defineNamed, type JsonSchema, type Route, TAGS } from '../../controllers/route.js';
import { REPLY_HEADERS } from '../../controllers/route-docs.js';
import { ERROR_CODES } from '../../core/errors.js';
import { PROBLEM_TYPES } from '../errors.js';
import { ERROR_GUIDE } from './error-guide.js';
import { ErrorReplies, problemSchema } from './error-replies.js';
import { type Components, operationOf, SECURITY, SECURITY_SCHEMES } from './operation.js';

const errorTable = ERROR_CODES.map(
  (code) => `| ${PROBLEM_TYPES[code].status} | \`${code}\` | ${ERROR_GUIDE[code].meaning} |`,
).join('\n');

const DESCRIPTION = `Enqueue a task, get its id, and poll its state with that id. Workers claim tasks, run them and report.

JSON in and out, in UTF-8. Instants are RFC 3339 in UTC. Every response carries an \`X-Request-Id\`. Bodies are strict: nothing is converted, and unknown fields are refused. Queries convert; one that is unknown or given twice is refused, unless its name begins with \`_\`, and no filter but \`status\` and \`type\` may be without a value.

Every GET also answers HEAD, with the same headers and no body, and every path OPTIONS: its 204 lists the methods in \`Allow\`. Neither is documented as an operation.

A 2xx answer to a write is sent after the write is on disk. A 5xx answer means that nothing was stored. No answer at all means that the outcome is unknown: use an idempotency key, and send it again.

Every error is \`application/problem+json\` (RFC 9457) and has a code. Any path that is not in this document answers \`ROUTE_NOT_FOUND\`; any method that a path does not have, \`METHOD_NOT_ALLOWED\` with an \`Allow\` header.

<details><summary>All error codes</summary>

| Status | Code | |
|---|---|---|
${errorTable}

</details>
`;

/** `Allow` occurs only with methods that are not documented. */
const { Allow: _, ...OPERATION_HEADERS } = REPLY_HEADERS;

const pathOf = (route: Route): string => route.path.replaceAll(/:(\w+)/g, '{$1}');

interface PathItem {
  [method: string]: object;
}

/** The fixed part of a document's shape. */
export interface OpenApiDocument {
  openapi: string;
  info: object;
  servers: object[];
  security: object[];
  tags: { name: string; description: string }[];
  paths: Record<string, PathItem>;
  components: Record<
    'schemas' | 'responses' | 'parameters' | 'headers' | 'securitySchemes',
    Record<string, object>
  >;
}

/**
 * Every path with its operations. HEAD and OPTIONS, which come with others, would only be useless functions in
 * generated clients.
 */
function pathsOf(routes: readonly Route[], components: Components): OpenApiDocument['paths'] {
  const paths: Record<string, PathItem> = {};
  for (const route of routes) {
    const path = pathOf(route);
    paths[path] ??= {};
    paths[path][route.method] = operationOf(route, components);
  }
  return paths;
}

/** The API in OpenAPI 3.1, from the route table, its schemas and its docs. `url` is the server's address. */
export function openApiDocument(routes: readonly Route[], version: string, url = '/'): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const errors = new ErrorReplies();
  const define = (name: string, schema: JsonSchema) => {
    schemas[name] = schema;
  };
  for (const { docs } of routes) defineNamed(docs.replies, define);
  defineNamed(problemSchema, define);
  const paths = pathsOf(routes, { define, errors });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Spoolite',
      version,
      summary: 'A durable task queue with an HTTP API made for polling',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url, description: 'The server that returned this document.' }],
    security: SECURITY,
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses: errors.components,
      parameters: REQUEST_HEADERS,
      headers: OPERATION_HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
