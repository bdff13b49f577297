import { openSync, writeSync } from 'node:fs';
import type { Task } from '../../domain/task.js';
import { type ExecutionRecord, recordFile } from './execution-record.js';

/** Writes down executions in the working directory. What is written survives the process, however it ends. */
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
