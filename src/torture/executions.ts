import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../core/task.js';

/** A handler's record of the start or the end of an attempt; one line of JSON each. */
export interface ExecutionRecord {
  event: 'start' | 'return' | 'throw';
  task_id: number;
  attempt: number;
  worker: string | null;
  pid: number;
  at_utc: string;
}

/** One file per process, so that none is shared. */
export const recordFile = (pid: number): string => `executions-${pid}.jsonl`;

export const isRecordFile = (name: string): boolean => /^executions-\d+\.jsonl$/.test(name);

/** Records executions in the working directory. Records survive the process, however it ends. */
export class ExecutionRecorder {
  readonly #descriptor = openSync(recordFile(process.pid), 'a');

  record(event: ExecutionRecord['event'], { taskId, attempts, lockedBy }: Task): void {
    const record: ExecutionRecord = {
      event,
      task_id: taskId,
      attempt: attempts,
      worker: lockedBy,
      pid: process.pid,
      at_utc: new Date().toISOString(),
    };
    writeSync(this.#descriptor, `${JSON.stringify(record)}\n`);
  }
}

interface AttemptExecutions {
  started: number;
  returned: number;
}

function parse(line: string): ExecutionRecord | null {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the last line of a process killed while writing it
  }
}

/** The records of the handlers of all processes. */
export class Executions {
  readonly #byTask = new Map<number, Map<number, AttemptExecutions>>();
  /** Executions in total. */
  total = 0;

  /** Reads every record file of the directory. */
  static readFrom(directory: string): Executions {
    const executions = new Executions();
    for (const name of readdirSync(directory).filter(isRecordFile)) {
      for (const line of readFileSync(join(directory, name), 'utf8').split('\n')) {
        const record = parse(line);
        if (record) executions.add(record);
      }
    }
    return executions;
  }

  add({ event, task_id: taskId, attempt }: ExecutionRecord): void {
    const ofTask = this.#byTask.get(taskId) ?? new Map<number, AttemptExecutions>();
    this.#byTask.set(taskId, ofTask);
    const { started, returned } = ofTask.get(attempt) ?? { started: 0, returned: 0 };
    ofTask.set(attempt, {
      started: started + (event === 'start' ? 1 : 0),
      returned: returned + (event === 'return' ? 1 : 0),
    });
    if (event === 'start') this.total += 1;
  }

  /** Executions of a task by attempt. */
  of(taskId: number): ReadonlyMap<number, Readonly<AttemptExecutions>> {
    return this.#byTask.get(taskId) ?? new Map();
  }
}
