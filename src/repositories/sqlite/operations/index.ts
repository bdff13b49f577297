import { type Random, systemMonotonic, systemRandom } from '../../../core/clock.js';
import { auditEvents } from '../../shared/audit-events.js';
import { LeaseKeeper } from '../../shared/lease-keeper.js';
import { audited } from './audit.js';
import { bulk } from './bulk.js';
import { cancel, retry } from './cancel-and-retry.js';
import { claim } from './claim.js';
import { complete } from './complete.js';
import { enqueue, enqueueMany } from './enqueue.js';
import { reap, rebaseLeases } from './expire.js';
import { fail, release } from './fail-and-release.js';
import { touchKeys } from './keys.js';
import { probe } from './probe.js';
import { renew } from './renew.js';
import {
  incrementalVacuum,
  pruneAudit,
  pruneCounts,
  pruneLogsOfFinished,
  pruneLogsOfLive,
  pruneTasks,
} from './retention.js';
import { appendLogs } from './task-log.js';
import { abandon, heartbeat, noteOverdue, registerWorker, unregisterWorker } from './workers.js';

/** All write operations, by name; one set per writer. */
export function sqliteOperations(random: Random = systemRandom) {
  const keeper = new LeaseKeeper(systemMonotonic);
  return {
    enqueue: audited(enqueue, auditEvents.enqueue),
    enqueueMany: audited(enqueueMany, auditEvents.enqueueMany),
    cancel: audited(cancel, auditEvents.cancel),
    retry: audited(retry, auditEvents.retry),
    bulk,
    claim: claim(keeper, random),
    renew,
    complete: complete(keeper),
    fail: fail(keeper),
    release: release(keeper),
    reap,
    probe,
    rebaseLeases,
    pruneTasks,
    pruneLogsOfFinished,
    pruneLogsOfLive,
    pruneAudit,
    pruneCounts,
    incrementalVacuum,
    appendLogs,
    touchKeys,
    registerWorker,
    unregisterWorker: unregisterWorker(keeper),
    heartbeat: heartbeat(keeper),
    abandon: abandon(keeper),
    noteOverdue: noteOverdue(keeper),
  };
}

export type SqliteOperations = ReturnType<typeof sqliteOperations>;
