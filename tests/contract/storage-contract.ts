import { describe } from '@jest/globals';
import type { OpenStorage } from '../support/queue-under-test.js';
import { describeBulk } from './bulk-contract.js';
import { describeCancelAndRetry } from './cancel-and-retry-contract.js';
import { describeChanges } from './changes-contract.js';
import { describeClaim } from './claim-contract.js';
import { describeClaimOrder } from './claim-order-contract.js';
import { describeCrashSuspects } from './crash-suspects-contract.js';
import { describeEnqueue } from './enqueue-contract.js';
import { describeHistory } from './history-contract.js';
import { describeIdempotency } from './idempotency-contract.js';
import { describeList } from './list-contract.js';
import { describeLogs } from './log-contract.js';
import { describeLostLeases } from './lost-lease-contract.js';
import { describeMetrics } from './metrics-contract.js';
import { describeQueuePosition } from './queue-position-contract.js';
import { describeReap } from './reap-contract.js';
import { describeRenew } from './renew-contract.js';
import { describeRetention } from './retention-contract.js';
import { describeSettle } from './settle-contract.js';
import { describeStats } from './stats-contract.js';
import { describeLifecycle } from './storage-lifecycle-contract.js';
import { describeTransitions } from './transition-contract.js';
import { describeWorkers } from './worker-contract.js';

/** What every storage engine must do. `open` makes a new, empty storage; whoever opened it closes it. */
export function describeStorage(name: string, open: OpenStorage): void {
  describe(name, () => {
    describeEnqueue(open);
    describeIdempotency(open);
    describeList(open);
    describeChanges(open);
    describeClaim(open);
    describeClaimOrder(open);
    describeRenew(open);
    describeSettle(open);
    describeLostLeases(open);
    describeCancelAndRetry(open);
    describeBulk(open);
    describeReap(open);
    describeCrashSuspects(open);
    describeTransitions(open);
    describeLogs(open);
    describeWorkers(open);
    describeStats(open);
    describeHistory(open);
    describeMetrics(open);
    describeQueuePosition(open);
    describeRetention(open);
    describeLifecycle(open);
  });
}
