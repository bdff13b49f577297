import { SpooliteError } from '../../../core/errors.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { BlamedAttempt, WorkerIdentity } from '../../worker-repository.js';
import { fail } from './fail.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { unregisterWorker } from './register-worker.js';
import { release } from './release.js';

export interface AbandonArgs {
  worker: WorkerIdentity;
  blamed: BlamedAttempt | null;
}

/** Runs a settle; one whose lease is lost already has nothing left to do. */
function unlessLost(settle: () => unknown): void {
  try {
    settle();
  } catch (error) {
    if (!(error instanceof SpooliteError)) throw error;
  }
}

/** Everything that a worker holds, when its process ends: the blamed attempt fails, the others are not counted. */
export const abandon = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const failAttempt = fail(keeper)(transaction);
    const releaseAttempt = release(keeper)(transaction);
    const unregister = unregisterWorker(keeper)(transaction);

    return ({ worker, blamed }) => {
      for (const { id, leaseToken } of keeper.heldBy(worker.id)) {
        const lease = { id, leaseToken };
        const isBlamed = leaseToken === blamed?.leaseToken;
        unlessLost(() =>
          isBlamed ? failAttempt({ lease, failure: blamed.failure }) : releaseAttempt(lease),
        );
      }
      unregister(worker);
      return null;
    };
  }) satisfies Operation<AbandonArgs, null>;
