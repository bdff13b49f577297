import type { Page } from 'playwright-core';
import type { Scope } from '../../../src/core/access.js';
import { makeKey } from '../access.js';
import { Client } from '../client.js';
import { type QueueServer, startQueueServer } from './queue-server.js';

/** Types the key and sends it. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
}

/** A server that asks for a key, and whoever administers it. */
export class ServerWithKeys {
  readonly server: QueueServer;
  /** Does whatever the test needs done. */
  readonly admin: Client;

  constructor(server: QueueServer, adminKey: string) {
    this.server = server;
    this.admin = new Client(server.url, adminKey);
  }

  get url(): string {
    return this.server.url;
  }

  /** The token of a new key. */
  key(name: string, scopes: Scope[], expiresAt: number | null = null): Promise<string> {
    return makeKey(this.server.database, scopes, { name, expiresAt });
  }
}

export async function startServerWithKeys(...args: string[]): Promise<ServerWithKeys> {
  const server = await startQueueServer(...args);
  return new ServerWithKeys(server, await makeKey(server.database, ['admin'], { name: 'admin' }));
}
