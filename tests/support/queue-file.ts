import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '../../src/domain/clock.js';
import type { Repositories } from '../../src/repositories/repositories.js';
import { openSqliteStorage } from '../../src/repositories/sqlite/open-sqlite-storage.js';
import { newTask, type TaskWishes } from './new-task.js';
import { scratchFolder } from './scratch-folder.js';

/** Runs `use` on the queue in a file, which is closed then. */
export async function onFile<T>(file: string, use: (repositories: Repositories) => Promise<T>): Promise<T> {
  const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
  try {
    return await use(storage.repositories);
  } finally {
    await storage.close();
  }
}

/** A file with these tasks in it, that nobody has open; in a folder of its own unless it is named. */
export async function queueFile(
  wishes: readonly TaskWishes[],
  file = join(scratchFolder(), 'queue.db'),
): Promise<string> {
  await onFile(file, ({ tasks }) => tasks.enqueueMany(wishes.map(newTask)));
  return file;
}

/** So many tasks of type `mail`. */
export const mails = (count: number): TaskWishes[] =>
  Array.from({ length: count }, (_, at) => ({ payload: { at } }));

/** Changes a file, or reads it, past our own code. */
export function inFile<T>(file: string, use: (client: Database.Database) => T): T {
  const client = new Database(file);
  try {
    return use(client);
  } finally {
    client.close();
  }
}

/** The ids of the tasks in a file. */
export const idsIn = (file: string): number[] =>
  inFile(file, (client) => client.prepare('select id from tasks order by id').pluck().all() as number[]);
