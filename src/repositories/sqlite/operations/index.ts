import { type Random, systemMonotonic, systemRandom } from '../../../core/clock.js';
import { abandon } from './abandon.js';
import { appendLogs } from './append-logs.js';
import { audited } from './audited.js';
import { bulk } from './bulk.js';
import { cancel } from './cancel.js';
import { claim } from './claim.js';
import { clampLeases } from './clamp-leases.js';
import { complete } from './complete.js';
import { deeds } from './deeds.js';
import { enqueue, enqueueMany } from './enqueue.js';
import { fail } from './fail.js';
import { giveSpaceBack } from './give-space-back.js';
import { heartbeat } from './heartbeat.js';
import { touchKeys } from './keys.js';
import { LeaseKeeper } from './lease-keeper.js';
import { noteOverdue } from './note-overdue.js';
import { probe } from './probe.js';
import { pruneAudit } from './prune-audit.js';
import { pruneCounts } from './prune-counts.js';
import { pruneLogsOfFinished, pruneLogsOfLive } from './prune-logs.js';
import { pruneTasks } from './prune-tasks.js';
import { reap } from './reap.js';
import { registerWorker, unregisterWorker } from './register-worker.js';
import { release } from './release.js';
import { renew } from './renew.js';
import { retry } from './retry.js';

/** Everything that writes, by name; one set per writer. */
export function sqliteOperations(random: Random = systemRandom) {
  const keeper = new LeaseKeeper(systemMonotonic);
  return {
    enqueue: audited(enqueue, deeds.enqueue),
    enqueueMany: audited(enqueueMany, deeds.enqueueMany),
    cancel: audited(cancel, deeds.cancel),
    retry: audited(retry, deeds.retry),
    bulk,
    claim: claim(keeper, random),
    renew,
    complete: complete(keeper),
    fail: fail(keeper),
    release: release(keeper),
    reap,
    probe,
    clampLeases,
    pruneTasks,
    pruneLogsOfFinished,
    pruneLogsOfLive,
    pruneAudit,
    pruneCounts,
    giveSpaceBack,
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
