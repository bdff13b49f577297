import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { onTestEnd } from '../cleanup.js';

const SCRIPT = readFileSync(new URL('attacks.page.js', import.meta.url), 'utf8');

/** A page that tries to misuse a server. */
export const ATTACK_PAGE = `<!doctype html><title>Kittens</title><body><script>${SCRIPT}</script></body>`;

/** Somebody else's web server with that page. */
export class AttackServer {
  readonly #server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(ATTACK_PAGE);
  });

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    onTestEnd(() => this.stop());
    return this;
  }

  /** Makes room for another server at its address. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export interface Stored {
  /** Ids and statuses of all tasks. */
  tasks: string[];
  auditEntries: number;
}

/** What a file has now. */
export function storedIn(file: string): Stored {
  const db = new Database(file, { readonly: true });
  const tasks = db.prepare("select id || ' ' || type || ' ' || status from tasks order by id").pluck().all();
  const auditEntries = db.prepare('select count(*) from audit_entries').pluck().get();
  db.close();
  return { tasks: tasks as string[], auditEntries: auditEntries as number };
}
