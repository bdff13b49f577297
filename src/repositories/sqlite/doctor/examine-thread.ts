import { parentPort, workerData } from 'node:worker_threads';
import { type ExamineOptions, examineSqliteFile } from './examine-sqlite-file.js';

/** What the thread is started with. */
export interface ExamineThreadData extends ExamineOptions {
  file: string;
}

const { file, ...options } = workerData as ExamineThreadData;
parentPort?.postMessage(examineSqliteFile(file, options));
