import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ManualClock } from '../../src/core/clock.js';
import type { ClaimedTask } from '../../src/core/task.js';
import { type CheckReport, checkDatabase, type Observations } from '../../src/torture/check.js';
import { Executions } from '../../src/torture/executions.js';
import { type FinishedState, RequestLedger } from '../../src/torture/observations.js';
import { scratchFolder } from '../support/cleanup.js';
import { QueueUnderTest } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

/** A queue on a file together with what a torture would have written down about it. */
export class WitnessedQueue implements Observations {
  readonly file = join(scratchFolder(), 'torture.db');
  readonly queue = new QueueUnderTest((clock: ManualClock) => openOnFile(clock, this.file));
  readonly ledger = new RequestLedger();
  readonly executions = new Executions();
  readonly finishedStates = new Map<number, FinishedState>();
  readonly complaints: string[] = [];
  #keys = 0;

  /** Enqueues and acknowledges a task; resolves to its id. */
  async enqueue(maxAttempts = 5): Promise<number> {
    const key = `key-${++this.#keys}`;
    this.ledger.ask(key);
    const id = await this.queue.enqueue({ idempotencyKey: key, maxAttempts });
    this.ledger.acknowledge(key, id);
    return id;
  }

  /** Claims the next task and begins to execute it. */
  async begin(workerId = 'worker-a'): Promise<ClaimedTask> {
    const task = await this.queue.claimOne({ workerId });
    this.record('start', task.id, task.attempts);
    return task;
  }

  /** Ends an execution with success, and settles it. */
  async complete(task: ClaimedTask): Promise<void> {
    this.record('return', task.id, task.attempts);
    await this.queue.leases.complete(task, JSON.stringify({ attempt: task.attempts }));
  }

  /** A task that was enqueued, executed once and completed; resolves to its id. */
  async completedTask(): Promise<number> {
    const id = await this.enqueue();
    await this.complete(await this.begin());
    return id;
  }

  record(event: 'start' | 'return' | 'throw', taskId: number, attempt: number): void {
    const facts = { worker: 'worker-a', pid: 1, at_utc: '2025-11-05T19:35:00.000Z' };
    this.executions.add({ event, task_id: taskId, attempt, ...facts });
  }

  /** Changes the file behind the back of everybody. */
  tamper(sql: string): void {
    const client = new Database(this.file);
    client.pragma('foreign_keys = OFF');
    client.exec(sql);
    client.close();
  }

  judge(): CheckReport {
    return checkDatabase(this.file, this);
  }

  /** Names of the breaches with their counts. */
  breaches(): Record<string, number> {
    return Object.fromEntries(this.judge().violations.map(({ name, count }) => [name, count]));
  }
}
