// A writer thread whose disk is full for as long as there is a file `<database>-full`.
import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { runWriterThread } from '../../dist/db/sqlite/run-writer-thread.js';
import { sqliteOperations } from '../../dist/repositories/sqlite/operations/index.js';

runWriterThread(sqliteOperations(), {
  beforeCommit() {
    if (!existsSync(`${workerData.file}-full`)) return;
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  },
});
