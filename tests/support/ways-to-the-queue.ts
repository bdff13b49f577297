import { createClient, type SpooliteClient } from '../../src/client/index.js';
import { type AppOptions, createQueue, type Queue } from '../../src/index.js';
import { onTestEnd } from './on-test-end.js';
import { TestApp } from './test-app.js';

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
