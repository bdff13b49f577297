import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import supertest from 'supertest';
import { type App, type AppOptions, createApp, ManualClock } from '../../src/index.js';
import { conforming } from '../support/conformance/conforming.js';

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
