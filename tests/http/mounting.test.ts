import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { celebrate, Joi } from 'celebrate';
import cors from 'cors';
import type { ErrorRequestHandler, Express } from 'express';
import supertest from 'supertest';
import { type App, type AppOptions, createApp } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { expectProblem } from '../support/test-app.js';
import { compression, helmet, PARENTS } from './parent-apps.js';

const Q = '/api/queue';

function openApp(options: Partial<AppOptions> = {}): App {
  const app = createApp({ database: ':memory:', ...options });
  onTestEnd(() => app.stop());
  return app;
}

/** Enqueues, reads and lists by requests; what is mounted well does all of it. */
async function expectItWorks(parent: Express, base = ''): Promise<void> {
  const http = supertest(parent);
  const made = await http.post(`${base}${Q}/enqueue`).send({ type: 'mail', payload: { to: 'a' } });
  expect([made.status, made.body.detail]).toEqual([201, undefined]);
  expect(made.headers.location).toBe(`${base}${Q}/tasks/${made.body.task_id}`);
  const task = await http.get(made.headers.location as string);
  expect(task.body).toMatchObject({ type: 'mail', payload: { to: 'a' }, status: 'queued' });
  const listed = await http.get(`${base}${Q}/tasks?type=mail&limit=1`);
  expect(listed.body).toHaveLength(1);
  const cancelled = await http.post(`${base}${Q}/tasks/${made.body.task_id}/cancel`);
  expect(cancelled.body.status).toBe('failed');
}

describe.each(PARENTS)('in an app of %s', (_name, express) => {
  test.each([
    ['json', () => express.json()],
    ['json of every type', () => express.json({ type: () => true })],
    ['raw', () => express.raw({ type: () => true })],
    ['text', () => express.text({ type: () => true })],
    ['urlencoded', () => express.urlencoded({ extended: true })],
  ] as const)('takes bodies behind the parser for %s', async (_parser, parser) => {
    const parent = express();
    parent.use(parser(), openApp());
    await expectItWorks(parent);
  });

  test('holds its own rules for a body that another parser has read', async () => {
    const parent = express();
    parent.use(express.json({ type: () => true, limit: '1mb' }), openApp({ bodyLimit: 1_000 }));
    const send = (body: string, type = 'application/json') =>
      supertest(parent).post(`${Q}/enqueue`).set('Content-Type', type).send(body);
    expectProblem(await send('{"type":1}'), 422, 'VALIDATION_FAILED');
    expectProblem(await send('{"type":"a"}', 'text/plain'), 415, 'UNSUPPORTED_MEDIA_TYPE');
    expectProblem(
      await send(`{"type":"a","payload":{"text":"${'x'.repeat(1_000)}"}}`),
      413,
      'PAYLOAD_TOO_LARGE',
    );
    const rounded = await send('{"type":"a","payload":{"id":90071992547409931}}');
    expectProblem(rounded, 422, 'VALIDATION_FAILED');
    expect(rounded.body.errors[0].pointer).toBe('/payload/id');
    const none = await supertest(parent).post(`${Q}/enqueue`).set('Content-Type', 'application/json');
    expectProblem(none, 422, 'VALIDATION_FAILED');
    expect((await supertest(parent).get(`${Q}/stats`)).body.total_tasks).toBe(0);
  });

  test('answers a body nested too deeply for its parser to write', async () => {
    const parent = express();
    parent.use(express.json({ limit: '1mb' }), openApp());
    const deep = `{"type":"a","payload":{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    const answer = await supertest(parent)
      .post(`${Q}/enqueue`)
      .set('Content-Type', 'application/json')
      .send(deep);
    expect([400, 422]).toContain(answer.status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  test('says what is wrong where a body was read and is nowhere', async () => {
    const parent = express();
    parent.use((req, _res, next) => void req.resume().once('end', () => setImmediate(next)), openApp());
    const answer = await supertest(parent).post(`${Q}/enqueue`).send({ type: 'mail' });
    expectProblem(answer, 500, 'INTERNAL_ERROR');
    expect(answer.body.detail).toContain('mount Spoolite before it');
  });

  test('works behind validators that have made parts of the request unwritable', async () => {
    const parent = express();
    const loose = Joi.object().unknown();
    parent.use(express.json());
    parent.use(celebrate({ query: loose, headers: loose }));
    parent.use((req, _res, next) => {
      for (const part of ['query', 'body', 'headers'] as const) {
        Object.defineProperty(req, part, { value: Object.freeze(req[part]) });
      }
      next();
    });
    parent.use(openApp());
    await expectItWorks(parent);
  });

  test('reads the query as it was sent, whatever a parser or a validator has made of it', async () => {
    const parent = express();
    parent.use((req, _res, next) => {
      Object.defineProperty(req, 'query', { value: { limit: 0 }, writable: true, configurable: true });
      next();
    });
    parent.use(openApp());
    await expectItWorks(parent);
  });

  test('works behind helmet, compression and cors, and keeps its own headers', async () => {
    const parent = express();
    parent.use(helmet(), cors(), compression({ threshold: 0 }), openApp());
    await expectItWorks(parent);
    const page = await supertest(parent).get('/');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'; base-uri 'none'");
    expect(page.headers['strict-transport-security']).toBeDefined();
    const list = await supertest(parent).get(`${Q}/tasks`).set('Accept-Encoding', 'gzip');
    expect([list.headers['content-encoding'], list.body.length]).toEqual(['gzip', 1]);
  });

  test('sends events at once although replies are compressed', async () => {
    const parent = express();
    const app = openApp();
    parent.use(compression({ threshold: 0 }), app);
    const server = createServer(parent).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as { port: number };
    const stream = await fetch(`http://127.0.0.1:${port}${Q}/events`, {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(stream.headers.get('content-encoding')).toBeNull();
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry:');
    await app.queue.enqueue({ type: 'mail', payload: {} });
    expect((await reader?.read())?.value).toContain('event: task');
    await reader?.cancel();
  });

  test('leaves what it does not have to the app that it is mounted in, untouched', async () => {
    const parent = express();
    parent.set('x-powered-by', false);
    parent.use(helmet(), openApp({ corsOrigins: ['https://a.example'] }));
    const mark = (text: string) => (_req: unknown, res: { send(text: string): unknown }) => res.send(text);
    parent.get('/orders/:id', (req, res) => {
      res.send({ id: req.params.id, query: req.query, views: req.app === parent });
    });
    parent.post('/tasks', mark('their tasks'));
    parent.options(['/orders', '/tasks', '/docs'], mark('their options'));
    parent.get('/docs-of-theirs', mark('their docs'));
    parent.get('/assets/theirs.js', mark('their script'));
    const http = supertest(parent);
    const order = await http.get('/orders/7?a=b');
    expect(order.body).toEqual({ id: '7', query: { a: 'b' }, views: true });
    const plain = express();
    plain.set('x-powered-by', false);
    plain.use(helmet());
    plain.get('/orders/:id', (_req, res) => void res.send({}));
    const { headers } = await supertest(plain).get('/orders/7');
    expect(Object.keys(order.headers).sort()).toEqual(Object.keys(headers).sort());
    expect(order.headers['content-security-policy']).toBe(headers['content-security-policy']);
    expect((await http.post('/tasks')).text).toBe('their tasks');
    for (const path of ['/orders', '/tasks', '/docs'])
      expect((await http.options(path)).text).toBe('their options');
    expect((await http.get('/docs-of-theirs')).text).toBe('their docs');
    expect((await http.get('/assets/theirs.js')).text).toBe('their script');
    expect((await http.get('/nothing')).headers['content-type']).toContain('text/html');
    expectProblem(await http.delete(`${Q}/enqueue`), 405, 'METHOD_NOT_ALLOWED');
  });

  test('leaves the rest as untouched where a router has mounted it, or a function calls it', async () => {
    const parent = express();
    const app = openApp();
    const router = express.Router();
    router.use('/in', app);
    parent.use('/router', router);
    parent.use('/called', (req, res, next) => app(req, res, next));
    parent.use((req, res) => void res.send({ url: req.url, own: req.app === parent }));
    await expectItWorks(parent, '/router/in');
    await expectItWorks(parent, '/called');
    for (const url of ['/router/in/orders', '/called/orders']) {
      expect((await supertest(parent).get(url)).body).toEqual({ url, own: true });
    }
  });

  test('leaves no error of its own to the error handler of that app', async () => {
    const parent = express();
    let seen: unknown;
    const theirs: ErrorRequestHandler = (error, _req, res, _next) => {
      seen = error;
      res.status(500).send('theirs');
    };
    parent.use('/jobs', openApp());
    parent.use(theirs);
    expectProblem(await supertest(parent).get(`/jobs${Q}/tasks/7`), 404, 'TASK_NOT_FOUND');
    expectProblem(await supertest(parent).get(`/jobs${Q}/tasks/%zz`), 404, 'ROUTE_NOT_FOUND');
    expect(seen).toBeUndefined();
  });
});

describe.each(PARENTS)('under a path of an app of %s', (_name, express) => {
  /** The paths that a page refers to, as a browser makes them of the page's address. */
  const filesOf = (html: string, address: string): string[] =>
    [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, file]) => new URL(file as string, `http://h${address}`).pathname,
    );

  function mounted(): Express {
    const parent = express();
    parent.use('/team/jobs', openApp());
    return parent;
  }

  test('Location and Link lead back to it', async () => {
    const parent = mounted();
    await expectItWorks(parent, '/team/jobs');
    const http = supertest(parent);
    await http.post(`/team/jobs${Q}/enqueue`).send({ type: 'print' });
    await http.post(`/team/jobs${Q}/tasks/1/retry`);
    for (const path of [`${Q}/tasks`, `${Q}/tasks/1/logs`, `${Q}/stats/types`, '/api/audit']) {
      const { headers } = await http.get(`/team/jobs${path}?limit=1`);
      const next = /<(?:https?:\/\/[^/]+)?([^>]+)>/.exec(headers.link as string)?.[1] as string;
      expect([path, next]).toEqual([path, expect.stringContaining(`/team/jobs${path}?`)]);
      expect((await http.get(next)).status).toBe(200);
    }
  });

  test.each(['/', '/tasks', '/tasks/5', '/docs', '/tasks?status=failed'])(
    'the page at %s finds its files',
    async (screen) => {
      const http = supertest(mounted());
      const page = await http.get(`/team/jobs${screen}`);
      expect(page.status).toBe(200);
      const files = filesOf(page.text, `/team/jobs${screen}`);
      expect(files.length).toBeGreaterThan(2);
      for (const file of files) expect([file, (await http.get(file)).status]).toEqual([file, 200]);
    },
  );

  test('its address without a slash leads to the one with it', async () => {
    const http = supertest(mounted());
    const { status, headers } = await http.get('/team/jobs');
    expect([status, headers.location]).toEqual([308, '/team/jobs/']);
    expect((await http.get('/team/jobs/redoc')).headers.location).toBe('/team/jobs/docs');
  });

  test('the document names that path as the server', async () => {
    const { body } = await supertest(mounted()).get('/team/jobs/openapi.json');
    expect(new URL(body.servers[0].url, 'http://h/team/jobs/openapi.json').pathname).toBe('/team/jobs');
  });
});

describe('on a server of node alone', () => {
  test('everything is its own, and what is nothing is said to be', async () => {
    const server = createServer(openApp());
    const answer = await supertest(server).get('/nothing');
    expectProblem(answer, 404, 'ROUTE_NOT_FOUND');
    expect(answer.headers['x-request-id']).toBeDefined();
    expect((await supertest(server).post(`${Q}/enqueue`).send({ type: 'mail' })).status).toBe(201);
  });

  test('what runs beside it is started without listening', async () => {
    const app = openApp({ handlers: { add: () => 3 } });
    await app.startBackground();
    const { taskId } = await app.queue.enqueue({ type: 'add', payload: {} });
    expect((await app.queue.waitFor(taskId)).result).toBe(3);
  });
});
