import type { BulkController } from '../../controllers/bulk-controller.js';
import { BULK_ACTIONS, type BulkAction } from '../../domain/bulk.js';
import type { Scope } from '../../domain/scope.js';
import type { Route } from '../route.js';
import { bulkBodies } from '../schemas/bulk-schemas.js';
import { bulkDocs } from './bulk-docs.js';

/** What is deleted is gone for good; the others undo each other, and each task alone has the same. */
const SCOPES: Record<BulkAction, readonly Scope[]> = {
  cancel: ['enqueue', 'read'],
  retry: ['enqueue', 'read'],
  delete: ['admin'],
};

export const bulkRoutes = (bulk: BulkController): Route[] =>
  BULK_ACTIONS.map((action) => ({
    method: 'post',
    path: `/api/queue/bulk/${action}`,
    scopes: SCOPES[action],
    budget: 'writes',
    schemas: { body: bulkBodies[action] },
    docs: bulkDocs[action],
    handle: bulk[action],
  }));
