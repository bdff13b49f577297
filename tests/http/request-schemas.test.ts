import { describe, expect, test } from '@jest/globals';
import type { Schema } from 'joi';
import { API_DOCUMENT, problemsBySchema, ROUTES } from '../support/api-document.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies of all kinds
type Body = any;

const WITH_BODY = ROUTES.filter(({ schemas }) => schemas?.body).map(({ path, schemas, docs }) => ({
  path,
  schema: schemas?.body as Schema,
  documented: API_DOCUMENT.paths[path.replaceAll(/:(\w+)/g, '{$1}')].post.requestBody.content,
  examples: Object.values(docs.bodies ?? {}).map(({ value }) => value as Body),
}));

const VALUES = [
  null,
  true,
  '',
  'x',
  'x'.repeat(300),
  'tab\tinside',
  '2025-11-05T19:35:00Z',
  -1,
  0,
  0.5,
  1,
  1.5,
  11,
  60,
  61,
  101,
  1001,
  3601,
  1e9,
  [],
  ['x'],
  [1],
  {},
  { x: 1 },
];

const absent = Symbol('absent');

/** The example with one of its members, or one that none has, replaced by each value, or without it. */
function* variations(example: Body, names: string[]): Generator<[string, Body]> {
  for (const name of [...names, 'nonsense']) {
    for (const value of [absent, ...VALUES]) {
      const { [name]: _, ...rest } = example;
      yield [
        `${name}: ${JSON.stringify(value) ?? 'absent'}`,
        value === absent ? rest : { ...rest, [name]: value },
      ];
    }
  }
}

/** Each body of a batch or of log lines, whose elements are varied too. */
function* variedBodies(example: Body, names: string[]): Generator<[string, Body]> {
  yield* variations(example, names);
  for (const [name, list] of Object.entries(example)) {
    if (!Array.isArray(list) || typeof list[0] !== 'object') continue;
    const inner = ['type', 'priority', 'payload', 'level', 'message', 'details', 'idempotency_key'];
    for (const [label, element] of variations(list[0], inner))
      yield [`${name}[0].${label}`, { ...example, [name]: [element] }];
  }
}

describe('the document takes exactly the bodies that the program takes', () => {
  test.each(WITH_BODY)('$path', ({ schema, documented, examples }) => {
    const names = Object.keys(schema.describe().keys);
    const verdicts = examples.flatMap((example) =>
      [...variedBodies(example, names)].map(([label, body]) => ({
        label,
        program: schema.validate(body).error === undefined,
        document: problemsBySchema(documented['application/json'].schema, body).length === 0,
      })),
    );
    expect(verdicts.filter(({ program, document }) => program !== document)).toEqual([]);
    expect(verdicts.filter(({ program }) => program).length).toBeGreaterThan(3);
    expect(verdicts.filter(({ program }) => !program).length).toBeGreaterThan(20);
  });
});

const QUERIES = ROUTES.filter(({ schemas }) => schemas?.query).map(({ method, path, schemas }) => ({
  path,
  schema: schemas?.query as Schema,
  parameters: API_DOCUMENT.paths[path.replaceAll(/:(\w+)/g, '{$1}')][method].parameters.filter(
    // What a cursor holds is for the list to judge that has given it out.
    (parameter: Body) => parameter.in === 'query' && parameter.name !== 'cursor',
  ),
}));

const TEXTS = [
  ...['x', 'queued', 'stuck', 'debug', 'now', '1,2', '1,x', '01', '-1', '0', '0.5', '1', '1.5'],
  ...['60', '61', '1000', '1001', '1440', '1441', '10080', '10081', '1e3', 'Infinity'],
];

/** What a text in a query means by its schema; a text that is no number stays one, and is none. */
function meant(type: string, text: string): unknown {
  if (type === 'array') return text.split(',').map((part) => (/^[1-9]\d*$/.test(part) ? Number(part) : part));
  const number = Number(text);
  return type === 'string' || !Number.isFinite(number) ? text : number;
}

describe('the document takes exactly the queries that the program takes', () => {
  test.each(QUERIES)('$path', ({ schema, parameters }) => {
    expect(schema.validate({}).error).toBeUndefined();
    for (const { name, schema: documented } of parameters) {
      for (const text of TEXTS) {
        // Each by itself; a history of many minutes needs a step that goes with it.
        const query = name === 'minutes' ? { [name]: text, step: '1440' } : { [name]: text };
        const document = problemsBySchema(documented, meant(documented.type, text)).length === 0;
        const program = schema.validate(query).error === undefined;
        expect({ name, text, taken: document }).toEqual({ name, text, taken: program });
      }
    }
  });

  test('and there are some', () => {
    expect(QUERIES.flatMap(({ parameters }) => parameters).length).toBeGreaterThan(10);
  });
});
