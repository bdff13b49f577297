import { describe, expect, test } from '@jest/globals';
import { TAGS } from '../../src/controllers/route.js';
import { packageVersion } from '../../src/core/paths.js';
import { ERROR_CODES } from '../../src/index.js';
import { API_DOCUMENT, problemsBySchema, ROUTES, resolved } from '../support/api-document.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

// biome-ignore lint/suspicious/noExplicitAny: as in the document
type Part = any;

interface Operation {
  /** Method and path. */
  name: string;
  item: Part;
  operation: Part;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];

const OPERATIONS: Operation[] = Object.entries<Part>(API_DOCUMENT.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({
    name: `${method.toUpperCase()} ${path}`,
    item,
    operation: item[method],
  })),
);

const named = OPERATIONS.map((operation) => [operation.name, operation] as const);

/** A list as a client writes it that knows no more than the document says, and otherwise what OpenAPI takes for granted. */
const written = ({ name, style = 'form', explode = style === 'form' }: Part, values: unknown[]): string =>
  explode ? values.map((value) => `${name}=${value}`).join('&') : `${name}=${values.join(',')}`;

/** Every part of the document in which `isWanted` holds, with where it is. */
function parts(isWanted: (part: Part) => boolean, part: Part = API_DOCUMENT, at = '#'): [string, Part][] {
  if (typeof part !== 'object' || part === null) return [];
  const inner = Object.entries(part).flatMap(([name, member]) => parts(isWanted, member, `${at}/${name}`));
  return isWanted(part) ? [[at, part], ...inner] : inner;
}

describe('GET /openapi.json', () => {
  test('is the document of this version', async () => {
    const response = await app().http.get('/openapi.json');
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.body).toEqual({
      ...API_DOCUMENT,
      info: { ...API_DOCUMENT.info, version: packageVersion() },
      servers: [{ ...API_DOCUMENT.servers[0], url: `http://127.0.0.1:${app().port}` }],
    });
    expect(response.body.openapi).toMatch(/^3\.1\./);
  });

  test('has a tag, by which it is not sent again', async () => {
    const { etag } = (await app().http.get('/openapi.json')).headers as { etag: string };
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await app().http.get('/openapi.json').set('If-None-Match', etag);
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    const other = await app().http.get('/openapi.json').set('If-None-Match', '"other"');
    expect(other.status).toBe(200);
  });
});

describe('the document', () => {
  test('has every route that is answered, and no others', async () => {
    const paths = new Set(ROUTES.map(({ path }) => path));
    const mounted: string[] = [];
    for (const path of paths) {
      const { headers } = await app().http.options(path.replace(':task_id', '1'));
      const implied = ['HEAD', 'OPTIONS'];
      for (const method of headers.allow?.split(', ').filter((name) => !implied.includes(name)) ?? [])
        mounted.push(`${method} ${path.replace(/:(\w+)/, '{$1}')}`);
    }
    expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(mounted.sort());
    expect(paths.size).toBe(Object.keys(API_DOCUMENT.paths).length);
  });

  test('has every error code, and no others', () => {
    const codes = OPERATIONS.flatMap(({ operation }) =>
      Object.values<Part>(operation.responses)
        .map(resolved)
        .flatMap(({ content }) => content?.['application/problem+json']?.schema.allOf[1] ?? [])
        .flatMap(({ properties }) => properties.error_code.enum),
    );
    // What no operation answers, the description says.
    const ofOperations = ERROR_CODES.filter((code) => code !== 'METHOD_NOT_ALLOWED');
    expect([...new Set(codes)].sort()).toEqual([...ofOperations].sort());
    for (const code of ERROR_CODES) expect(API_DOCUMENT.info.description).toContain(`\`${code}\``);
  });

  test('has no member of a request body that must be sent although it has a default, and no null in an enum', () => {
    const { NewTask, Claim } = API_DOCUMENT.components.schemas;
    expect(NewTask.required).toEqual(['type']);
    expect(NewTask.properties.priority.description).toMatch(/Default: `100`\.$/);
    expect(Claim.properties.limit.description).toMatch(/Default: `1`\.$/);
    const bodies = parts(({ requestBody }) => requestBody).map(([, { requestBody }]) => requestBody);
    const defaults = (part: Part) => parts((inner) => 'default' in inner, part);
    for (const { content } of bodies) {
      const schema = resolved(content['application/json'].schema);
      expect(defaults(schema)).toEqual([]);
    }
    expect(defaults(NewTask)).toEqual([]);
    expect(parts(({ enum: values }) => Array.isArray(values) && values.includes(null))).toEqual([]);
  });

  test.each([
    ['mail', true],
    [' mail\u00a0', true],
    ['\tmail\n', true],
    ['two words', true],
    [' ', false],
    ['\t\u3000', false],
    ['', false],
    ['a\u0085b', false],
    ['a\nb', false],
  ])('says of the type %j what the server says', async (type, isValid) => {
    const { status } = await app().http.post('/api/queue/enqueue').send({ type });
    expect(status).toBe(isValid ? 201 : 422);
    const problems = problemsBySchema({ $ref: '#/components/schemas/NewTask' }, { type });
    expect(problems.length === 0).toBe(isValid);
  });

  test('says how a list is written in a query, so that the server takes it', async () => {
    const lists = OPERATIONS.flatMap(({ name, operation }) =>
      (operation.parameters as Part[])
        .filter(({ in: place, schema }) => place === 'query' && schema.type === 'array')
        .map((parameter) => ({ path: name.replace('GET ', ''), parameter })),
    );
    expect(lists.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/queue/tasks']));
    for (const { path, parameter } of lists) {
      expect([path, written(parameter, [1, 2])]).toEqual([path, 'ids=1,2']);
      // A stream does not end.
      if (path.endsWith('/events')) continue;
      const { status } = await app().http.get(`${path}?${written(parameter, [1, 2])}`);
      expect([path, status]).toEqual([path, 200]);
    }
  });

  test('refers only to what is in it', () => {
    const references = parts(({ $ref }) => $ref !== undefined);
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter(([, part]) => resolved(part) === undefined)).toEqual([]);
  });

  test('gives every operation a name of its own', () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test.each(named)('says what %s is for', (_name, { operation }) => {
    expect(operation.summary).toMatch(/^[A-Z].{5,70}[^.]$/);
    expect(operation.description).toMatch(/\.$/);
    expect(operation.tags).toEqual([expect.stringMatching(new RegExp(`^(${Object.keys(TAGS).join('|')})$`))]);
  });

  test('describes every parameter, header, reply and member', () => {
    const isDescribable = ({ in: place, properties, responses }: Part) => place || properties || responses;
    const undescribed = parts(isDescribable).flatMap(([at, part]) => {
      if (part.in) return part.description ? [] : [at];
      const inner = Object.entries<Part>(part.responses ?? part.properties);
      return inner
        .filter(([name, member]) => !resolved(member).description && name !== 'error_code')
        .map(([name]) => `${at}/${name}`);
    });
    expect(undescribed).toEqual([]);
    for (const header of Object.values<Part>(API_DOCUMENT.components.headers))
      expect(header.description).toMatch(/\.$/);
  });

  test('has examples of every body, in either direction', () => {
    const bodies = parts(({ schema, in: place, example }) => schema && !place && example === undefined);
    expect(bodies.length).toBeGreaterThan(ROUTES.length);
    for (const [at, { examples }] of bodies) expect([at, Object.keys(examples ?? {})]).not.toEqual([at, []]);
  });

  test('has examples of what parameters look like', () => {
    const free = parts(
      ({ in: place, schema }) => place && schema && !(schema.enum ?? schema.default ?? schema.maximum),
    );
    const without = free.filter(
      ([, { name, schema }]) => !schema.examples && !['cursor', 'after'].includes(name),
    );
    expect(without).toEqual([]);
  });

  test('has only examples that are valid', () => {
    const wrong = parts(({ schema }) => schema).flatMap(([at, { schema, example, examples = {} }]) => {
      const values = Object.values<Part>(examples).map(({ value }) => value);
      if (example !== undefined) values.push(example);
      if (at.includes('parameters')) values.push(...(schema.examples ?? []));
      return values.flatMap((value) => problemsBySchema(schema, value).map((problem) => `${at}: ${problem}`));
    });
    expect(wrong).toEqual([]);
  });
});
