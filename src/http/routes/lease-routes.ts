import type { Schema } from 'joi';
import type { ClaimController } from '../../controllers/claim-controller.js';
import type { LeaseController } from '../../controllers/lease-controller.js';
import type { Route } from '../route.js';
import type { RouteDocs } from '../route-docs.js';
import { claimBody, completeBody, failBody, heartbeatBody, releaseBody } from '../schemas/lease-schemas.js';
import { taskParams } from '../schemas/task-schemas.js';
import { leaseDocs } from './lease-docs.js';

/** Something a worker says about a task that it holds. */
const leaseRoute = (action: string, body: Schema, docs: RouteDocs, handle: Route['handle']): Route => ({
  method: 'post',
  path: `/api/queue/tasks/:task_id/${action}`,
  scopes: ['work'],
  budget: 'writes',
  schemas: { params: taskParams, body },
  docs,
  handle,
});

export const leaseRoutes = (claims: ClaimController, leases: LeaseController): Route[] => [
  {
    method: 'post',
    path: '/api/queue/claims',
    scopes: ['work'],
    budget: 'writes',
    schemas: { body: claimBody },
    docs: leaseDocs.claim,
    handle: claims.claim,
  },
  leaseRoute('heartbeat', heartbeatBody, leaseDocs.heartbeat, leases.heartbeat),
  leaseRoute('complete', completeBody, leaseDocs.complete, leases.complete),
  leaseRoute('fail', failBody, leaseDocs.fail, leases.fail),
  leaseRoute('release', releaseBody, leaseDocs.release, leases.release),
];
