import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { type Clock, type Random, systemClock } from '../../src/core/clock.js';
import type { Repositories, Storage } from '../../src/repositories/storage.js';
import { onTestEnd, scratchFolder } from './cleanup.js';
import type { Program } from './program.js';
import { newTask, seededRandom, type TaskWishes } from './queue-under-test.js';
import { eventually } from './waiting.js';

export const openInMemory = (clock: Clock, random: Random = seededRandom(1)): Storage =>
  openSqliteStorage({ file: ':memory:', durability: 'normal', clock, random });

/** A storage on a file; a new one of its own, unless it is given. */
export const openOnFile = (clock: Clock, file = join(scratchFolder(), 'queue.db')): Storage =>
  openSqliteStorage({ file, durability: 'normal', clock, random: Math.random });

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

/** Takes the write lock of a database file, as another program would; returns what lets it go. */
export function lockFile(file: string): () => void {
  const client = new Database(file);
  client.exec('begin immediate');
  onTestEnd(() => client.close());
  return () => void client.exec('rollback');
}

const stateOf = ({ pid }: Program): string =>
  spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();

/**
 * Stops a process (SIGSTOP) for sure at a moment when it does not hold the write lock of the file: nobody else could
 * write until it goes on.
 */
export async function halt(program: Program, file: string): Promise<void> {
  const unlock = lockFile(file);
  program.signal('SIGSTOP');
  await eventually(() => stateOf(program).startsWith('T'));
  unlock();
}
