import { systemMonotonic } from '../../../domain/monotonic.js';
import { type Random, systemRandom } from '../../../domain/random.js';
import { appendLogs } from './append-logs.js';
import { cancel } from './cancel.js';
import { claim } from './claim.js';
import { clampLeases } from './clamp-leases.js';
import { complete } from './complete.js';
import { enqueue, enqueueMany } from './enqueue.js';
import { fail } from './fail.js';
import { heartbeat } from './heartbeat.js';
import { LeaseKeeper } from './lease-keeper.js';
import { probe } from './probe.js';
import { prune } from './prune.js';
import { reap } from './reap.js';
import { registerWorker, unregisterWorker } from './register-worker.js';
import { release } from './release.js';
import { renew } from './renew.js';
import { retry } from './retry.js';

/** Everything that writes, by name; one set per writer. */
export function sqliteOperations(random: Random = systemRandom) {
  const keeper = new LeaseKeeper(systemMonotonic);
  return {
    enqueue,
    enqueueMany,
    cancel,
    retry,
    claim: claim(keeper, random),
    renew,
    complete: complete(keeper),
    fail: fail(keeper),
    release: release(keeper),
    reap,
    probe,
    clampLeases,
    prune,
    appendLogs,
    registerWorker,
    unregisterWorker: unregisterWorker(keeper),
    heartbeat: heartbeat(keeper),
  };
}

export type SqliteOperations = ReturnType<typeof sqliteOperations>;
