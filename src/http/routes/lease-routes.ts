import type { ClaimController } from '../../controllers/claim-controller.js';
import type { LeaseController } from '../../controllers/lease-controller.js';
import type { Route } from '../route.js';
import { claimBody, completeBody, failBody, heartbeatBody, releaseBody } from '../schemas/lease-schemas.js';
import { taskParams } from '../schemas/task-schemas.js';

/** Something a worker says about a task that it holds. */
const leaseRoute = (action: string, body: object, handle: Route['handle']): Route => ({
  method: 'post',
  path: `/api/queue/tasks/:task_id/${action}`,
  schemas: { params: taskParams, body },
  handle,
});

export const leaseRoutes = (claims: ClaimController, leases: LeaseController): Route[] => [
  { method: 'post', path: '/api/queue/claims', schemas: { body: claimBody }, handle: claims.claim },
  leaseRoute('heartbeat', heartbeatBody, leases.heartbeat),
  leaseRoute('complete', completeBody, leases.complete),
  leaseRoute('fail', failBody, leases.fail),
  leaseRoute('release', releaseBody, leases.release),
];
