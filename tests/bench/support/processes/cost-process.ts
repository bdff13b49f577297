import { setImmediate as nextTurn } from 'node:timers/promises';
import { openForWriting } from '../../../../src/db/sqlite/connection.js';
import { InlineWriter } from '../../../../src/db/sqlite/writer/inline-writer.js';
import { systemClock } from '../../../../src/domain/clock.js';
import { systemRandom } from '../../../../src/domain/random.js';
import type { LeaseRepository } from '../../../../src/repositories/lease-repository.js';
import { openSqliteStorage } from '../../../../src/repositories/sqlite/open-sqlite-storage.js';
import { sqliteOperations } from '../../../../src/repositories/sqlite/operations/index.js';
import { SqliteLeaseRepository } from '../../../../src/repositories/sqlite/sqlite-lease-repository.js';
import { WriteCheck } from '../../../../src/repositories/sqlite/write-check.js';
import type { Storage } from '../../../../src/repositories/storage.js';
import { median } from '../measure/median.js';
import { exposeToParent } from './child-functions.js';
import { type Call, callsOf } from './costed-calls.js';

interface Opened {
  storage: Storage;
  calls: Record<string, Call>;
}

const opened = new Map<string, Opened>();

/**
 * Claims on this thread and without waiting for the disk. What the writer thread's round trip and the disk take is the
 * same for every file, and would hide what differs.
 */
function leasesOf(file: string): LeaseRepository {
  const connection = openForWriting(file, 'normal');
  const writer = new InlineWriter(connection, sqliteOperations(), systemClock, () => undefined);
  return new SqliteLeaseRepository(connection, writer, new WriteCheck(file, writer), systemClock);
}

async function open(file: string): Promise<Opened> {
  const storage = openSqliteStorage({ file, durability: 'normal', clock: systemClock, random: systemRandom });
  return { storage, calls: await callsOf({ ...storage.repositories, leases: leasesOf(file) }) };
}

/** Microseconds of one call, in a turn of the event loop of its own, as a lone poll has it. */
async function microsOf({ prepare, call, undo }: Call): Promise<number> {
  const argument = await prepare?.();
  await nextTurn();
  const start = performance.now();
  const result = await call(argument);
  const micros = (performance.now() - start) * 1000;
  await undo?.(result);
  return micros;
}

/** What calls of the repositories cost on several files, all open at once in one process. */
const functions = {
  async open(file: string): Promise<string[]> {
    const one = await open(file);
    opened.set(file, one);
    return Object.keys(one.calls);
  },
  /** The median of `count` calls, in microseconds. */
  async cost(file: string, name: string, count: number): Promise<number> {
    const call = opened.get(file)?.calls[name];
    if (!call) throw new Error(`There is no call named ${name}.`);
    const micros: number[] = [];
    for (let made = 0; made < count; made++) micros.push(await microsOf(call));
    return median(micros);
  },
  async close(): Promise<void> {
    for (const { storage } of opened.values()) await storage.close();
  },
};
export type CostFunctions = typeof functions;

exposeToParent(functions);
