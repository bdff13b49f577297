import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import { createClient, type SpooliteClient } from '../../src/client/index.js';
import {
  type App,
  type AppOptions,
  createApp,
  createQueue,
  ManualClock,
  type Queue,
} from '../../src/index.js';
import { onTestEnd } from './cleanup.js';
import { conforming } from './conformance.js';

/** Where the clock of a test begins. */
const START = Date.UTC(2025, 10, 5, 12);

/** An app on a database file of its own, listening on loopback. */
export class TestApp {
  readonly clock = new ManualClock(START);
  readonly app: App;
  readonly server: Server;
  /** The database file. */
  readonly file: string;
  readonly #folder: string;

  constructor(options: Partial<AppOptions> = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), 'spoolite-http-'));
    this.file = join(this.#folder, 'queue.db');
    this.app = createApp({ database: this.file, clock: this.clock, ...options });
    this.server = createServer(conforming(this.app));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** A request to be made, by supertest. */
  get http() {
    return supertest(this.server);
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.app.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Opens an app on a new file before every test, or once for the whole file where tests do not mind each other's tasks.
 * Returns what gives the current one. Its clock stands at 2025-11-05T12:00:00Z as a test begins.
 */
export function useTestApp(options: Partial<AppOptions> = {}, per: 'test' | 'file' = 'test'): () => TestApp {
  let current: TestApp;
  const open = async () => {
    current = new TestApp(options);
    await current.listen();
  };
  const close = () => current.close();
  if (per === 'file') {
    beforeAll(open);
    beforeEach(() => current.clock.set(START));
    afterAll(close);
  } else {
    beforeEach(open);
    afterEach(close);
  }
  return () => current;
}

const BASE = '/api/queue';

/** The reply's body; throws when its status is not the expected one, saying what came instead. */
function bodyOf(response: Response, status: number) {
  if (response.status === status) return response.body;
  throw new Error(`${response.status} instead of ${status}: ${response.text}`);
}

/** Calls of the API that must succeed, as tests need them again and again. */
export const api = {
  /** Enqueues a task and returns its id. */
  async enqueue({ http }: TestApp, fields: object = {}): Promise<number> {
    const body = { type: 'mail', ...fields };
    return bodyOf(await http.post(`${BASE}/enqueue`).send(body), 201).task_id;
  },

  async task({ http }: TestApp, id: number) {
    return bodyOf(await http.get(`${BASE}/tasks/${id}`), 200);
  },

  async list({ http }: TestApp, query = '') {
    return bodyOf(await http.get(`${BASE}/tasks${query}`), 200);
  },

  async claim({ http }: TestApp, fields: object = {}) {
    const body = { worker_id: 'worker-1', ...fields };
    return bodyOf(await http.post(`${BASE}/claims`).send(body), 200).tasks;
  },

  /** Says something about a claimed task: heartbeat, complete, fail, release. */
  async report(
    { http }: TestApp,
    action: string,
    { task_id, lease_token }: { task_id: number; lease_token: string },
    fields: object = {},
  ) {
    const request = http.post(`${BASE}/tasks/${task_id}/${action}`);
    return bodyOf(await request.send({ lease_token, ...fields }), 200);
  },

  async workers({ http }: TestApp) {
    return bodyOf(await http.get(`${BASE}/workers`), 200);
  },

  async stats({ http }: TestApp) {
    return bodyOf(await http.get(`${BASE}/stats`), 200);
  },

  async logs({ http }: TestApp, id: number, query = '') {
    return bodyOf(await http.get(`${BASE}/tasks/${id}/logs${query}`), 200);
  },
};

/** Asserts an error reply; `pointers` are exactly the places it must find wrong. */
export function expectProblem(response: Response, status: number, code: string, pointers?: string[]): void {
  expect({ status: response.status, code: response.body.error_code, detail: response.body.detail }).toEqual({
    status,
    code,
    detail: expect.any(String),
  });
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(response.body.request_id).toBe(response.headers['x-request-id']);
  if (!pointers) return;
  const found = response.body.errors?.map(({ pointer }: { pointer: string }) => pointer);
  expect(found).toEqual(pointers);
}

const NEXT = /^<https?:\/\/[^/]+(\/[^>]+)>; rel="next"$/;

/** The path and query of the next page, which supertest asks for; undefined on the last page. */
export function nextPath({ link }: { link?: string }): string | undefined {
  if (link === undefined) return undefined;
  const path = NEXT.exec(link)?.[1];
  if (path === undefined) throw new Error(`No absolute link to a next page: ${link}`);
  return path;
}

/** A queue as its users see it, and the app that serves it and works on it. */
export interface UsedQueue {
  queue: SpooliteClient | Queue;
  app: TestApp;
}

async function openApp(options: Partial<AppOptions>): Promise<TestApp> {
  const app = new TestApp(options);
  await app.listen();
  onTestEnd(() => app.close());
  return app;
}

async function overHttp(options: Partial<AppOptions> = {}): Promise<UsedQueue> {
  const app = await openApp(options);
  return { app, queue: createClient({ url: `http://127.0.0.1:${app.port}` }) };
}

async function onTheFile(options: Partial<AppOptions> = {}): Promise<UsedQueue> {
  const app = await openApp(options);
  const queue = createQueue({ database: app.file, clock: app.clock });
  onTestEnd(() => queue.close());
  return { app, queue };
}

/** Both ways to a queue, which have one interface: what holds for one must hold for the other. */
export const WAYS: [string, typeof overHttp][] = [
  ['over HTTP', overHttp],
  ['on the file', onTheFile],
];
