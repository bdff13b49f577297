import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { exposeToParent } from './child-functions.js';

/** Another program that holds the write lock of a file. */
const functions = {
  async hold(file: string, seconds: number): Promise<void> {
    const client = new Database(file, { timeout: 5_000 });
    client.exec('begin immediate');
    await delay(seconds * 1000);
    client.exec('rollback');
    client.close();
  },
};
export type LockFunctions = typeof functions;

exposeToParent(functions);
