import { getEnvironmentData } from 'node:worker_threads';
import { runWriterThread } from '../../../../src/db/sqlite/run-writer-thread.js';
import { sqliteOperations } from '../../../../src/repositories/sqlite/operations/index.js';
import { block, DISK, type Disk } from './disk.js';

// The program's own writer thread on another disk.
const { fsyncMs = 0, maxGroup } = getEnvironmentData(DISK) as Disk;
runWriterThread(sqliteOperations(), { beforeCommit: () => block(fsyncMs), ...(maxGroup && { maxGroup }) });
