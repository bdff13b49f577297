import { bulkEnqueue } from './figures/bulk-enqueue.js';
import { claimInFront } from './figures/claim-in-front.js';
import { costOfHistory } from './figures/cost-of-history.js';
import { drain } from './figures/drain.js';
import { endpointCost } from './figures/endpoints.js';
import { enqueueDurable } from './figures/enqueue-durable.js';
import { enqueueExpress } from './figures/enqueue-express.js';
import { fanOut } from './figures/fan-out.js';
import { firstContent } from './figures/first-content.js';
import { groupCommit } from './figures/group-commit.js';
import { guardedPoll } from './figures/guarded-poll.js';
import { idle } from './figures/idle.js';
import { latency } from './figures/latency.js';
import { longPoll } from './figures/long-poll.js';
import { memory } from './figures/memory.js';
import { peersDrain } from './figures/peers-drain.js';
import { peersEnqueue } from './figures/peers-enqueue.js';
import { peersPickUp } from './figures/peers-pick-up.js';
import { pickUp } from './figures/pick-up.js';
import { pollCost } from './figures/poll.js';
import { pollUnderLock } from './figures/poll-under-lock.js';
import { upkeep } from './figures/upkeep.js';
import { writerDesigns } from './figures/writer-designs.js';
import type { Figure } from './support/figure.js';

/** Everything that is measured, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  pollCost,
  endpointCost,
  guardedPoll,
  enqueueExpress,
  enqueueDurable,
  groupCommit,
  pollUnderLock,
  writerDesigns,
  drain,
  pickUp,
  longPoll,
  fanOut,
  idle,
  latency,
  bulkEnqueue,
  costOfHistory,
  claimInFront,
  upkeep,
  peersDrain,
  peersPickUp,
  peersEnqueue,
  memory,
  firstContent,
];
