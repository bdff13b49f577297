import { setImmediate as nextTurn } from 'node:timers/promises';
import { openSqliteStorage } from '../../../../src/app/open-sqlite-storage.js';
import { systemClock, systemRandom } from '../../../../src/core/clock.js';
import type { JsonObject } from '../../../../src/core/json.js';
import { type ClaimedTask, type StoredTask, TASK_STATUSES } from '../../../../src/core/task.js';
import { openForWriting } from '../../../../src/db/sqlite/connection.js';
import { InlineWriter } from '../../../../src/db/sqlite/inline-writer.js';
import type { ClaimRequest, LeaseRepository } from '../../../../src/repositories/lease-repository.js';
import { SqliteLeaseRepository } from '../../../../src/repositories/sqlite/lease-repository.js';
import { sqliteOperations } from '../../../../src/repositories/sqlite/operations/index.js';
import { WriteCheck } from '../../../../src/repositories/sqlite/write-check.js';
import type { Repositories, Storage } from '../../../../src/repositories/storage.js';
import type { TaskFilter } from '../../../../src/repositories/task-repository.js';
import { readChanges } from '../../../../src/services/read-changes.js';
import { median } from '../figure.js';
import { TASK_TYPE } from '../load/load.js';
import { exposeToParent } from './child-functions.js';

/** A call whose cost is taken. */
export interface Call {
  /** Makes its argument beforehand. */
  prepare?(): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: what `prepare` made.
  call(argument: any): Promise<unknown>;
  /** Afterwards, with the call's result: leaves the file as it was. */
  // biome-ignore lint/suspicious/noExplicitAny: what `call` gave.
  undo?(result: any): Promise<unknown>;
}

const PAGE = 100;

/** Tasks that are asked for again and again, as those who wait for them do; taken from all over the file. */
const POLLED = 1_000;

export const CLAIM: ClaimRequest = {
  workerId: 'bench',
  types: [TASK_TYPE],
  capabilities: {},
  limit: 1,
  leaseMs: 60_000,
  strategy: 'priority',
};

/** A hundred values of what the files' demands are about, none of which is demanded. */
const OFFER = { region: Array.from({ length: 100 }, (_, value) => `unknown-${value}`) };

/** Claims one task and gives it back. */
export const claimCall = ({ leases }: Repositories, capabilities: JsonObject = {}): Call => ({
  call: () => leases.claim({ ...CLAIM, capabilities }),
  async undo(tasks: ClaimedTask[]) {
    if (tasks.length !== 1) throw new Error(`${tasks.length} tasks were claimed.`);
    for (const { id, leaseToken } of tasks) await leases.release({ id, leaseToken });
  },
});

const upTo = (highest: number): number => 1 + Math.floor(Math.random() * highest);

const stepOf = (count: number): number => Math.max(1, Math.floor(count / POLLED));

/** A page as the list answers it: ids, then their tasks. `newest` gives the id below which it begins. */
function pageCall({ tasks }: Repositories, filter: TaskFilter, newest: () => number): Call {
  return {
    prepare: newest,
    async call(before: number) {
      const found = await tasks.findMany((await tasks.listIds(filter, PAGE, before)).ids);
      if (found.length !== PAGE) throw new Error(`A page of ${found.length}: ${JSON.stringify(filter)}`);
    },
  };
}

function pageCalls(repositories: Repositories, count: number): Record<string, Call> {
  const both = TASK_STATUSES.map((status): TaskFilter => ({ status, type: TASK_TYPE }));
  const filters = [{}, ...TASK_STATUSES.map((status) => ({ status })), { type: TASK_TYPE }, ...both];
  const named = filters.map((filter): [string, Call] => [
    `list of ${PAGE}${Object.entries(filter)
      .map(([key, value]) => `, ${key} ${value}`)
      .join('')}`,
    pageCall(repositories, filter, () => Number.MAX_SAFE_INTEGER),
  ]);
  const anywhere = pageCall(repositories, {}, () => count - stepOf(count) * upTo(POLLED * 0.9));
  return { ...Object.fromEntries(named), [`list of ${PAGE}, a page anywhere`]: anywhere };
}

/** The same, each after some task has changed: what was read before and is remembered may no longer hold. */
function afterChange(repositories: Repositories, { prepare, call }: Call): Call {
  const change = claimCall(repositories);
  return {
    async prepare() {
      await change.undo?.(await change.call(undefined));
      return prepare?.();
    },
    call,
  };
}

/** Of the newest tasks, which have the most in front of them. */
async function positionCalls(repositories: Repositories): Promise<Record<string, Call>> {
  const { tasks } = repositories;
  const newest = await tasks.findMany((await tasks.listIds({ status: 'queued' }, PAGE)).ids);
  const now = Date.now();
  const positionOf = (isWanted: (task: StoredTask) => boolean): Call => {
    const task = newest.find(isWanted) ?? newest[0];
    return { call: () => tasks.queuePosition(task as StoredTask) };
  };
  const due = positionOf(({ runAfter }) => runAfter <= now);
  const scheduled = positionOf(({ runAfter }) => runAfter > now);
  return {
    position: due,
    'position, after a change': afterChange(repositories, due),
    'position of a scheduled task, after a change': afterChange(repositories, scheduled),
  };
}

/** Every call of the repositories that a poll, a list or a claim makes, on a file as `longHistory` fills it. */
export async function callsOf(repositories: Repositories): Promise<Record<string, Call>> {
  const { tasks, stats, changes } = repositories;
  const [count = 0] = (await tasks.listIds({}, 1)).ids;
  const latest = await changes.horizon();
  const hundredth = await tasks.find(count - PAGE + 1);
  const get: Call = { prepare: () => upTo(POLLED) * stepOf(count), call: (id: number) => tasks.find(id) };
  return {
    'get, one of 1,000 tasks': get,
    'get, one of 1,000 tasks, after a change': afterChange(repositories, get),
    'get, any task': { prepare: () => upTo(count), call: (id: number) => tasks.find(id) },
    ...pageCalls(repositories, count),
    stats: { call: () => stats.overview() },
    'stats by type': { call: () => stats.byType(PAGE) },
    'stats history, an hour': {
      prepare: () => Math.floor(Date.now() / 60_000),
      call: (minute: number) => stats.history(minute - 59, minute + 1, 1),
    },
    ...(await positionCalls(repositories)),
    'changes, the newest 100': {
      call: () => readChanges(changes, { after: hundredth.revision - 1, limit: PAGE }),
    },
    'changes, none': { call: () => readChanges(changes, { after: latest, limit: PAGE }) },
    claim: claimCall(repositories),
    'claim, offering 100 values': claimCall(repositories, OFFER),
  };
}

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
