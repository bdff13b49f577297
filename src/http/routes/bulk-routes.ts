import type { BulkController } from '../../controllers/bulk-controller.js';
import { BULK_ACTIONS } from '../../domain/bulk.js';
import type { Route } from '../route.js';
import { bulkBodies } from '../schemas/bulk-schemas.js';
import { bulkDocs } from './bulk-docs.js';

export const bulkRoutes = (bulk: BulkController): Route[] =>
  BULK_ACTIONS.map((action) => ({
    method: 'post',
    path: `/api/queue/bulk/${action}`,
    schemas: { body: bulkBodies[action] },
    docs: bulkDocs[action],
    handle: bulk[action],
  }));
