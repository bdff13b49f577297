import { parentPort, workerData } from 'node:worker_threads';
import { type DiagnoseThreadData, diagnoseSqliteFile } from './diagnose.js';

const { file, ...options } = workerData as DiagnoseThreadData;
parentPort?.postMessage(diagnoseSqliteFile(file, options));
