import type { EnqueueController } from '../../controllers/enqueue-controller.js';
import type { Route } from '../route.js';
import { enqueueBatchSchemas, enqueueSchemas } from '../schemas/enqueue-schemas.js';
import { enqueueDocs } from './enqueue-docs.js';

export const enqueueRoutes = (enqueue: EnqueueController): Route[] => [
  {
    method: 'post',
    path: '/api/queue/enqueue',
    scopes: ['enqueue'],
    budget: 'writes',
    schemas: enqueueSchemas,
    docs: enqueueDocs.enqueue,
    handle: enqueue.enqueue,
  },
  {
    method: 'post',
    path: '/api/queue/enqueue/batch',
    scopes: ['enqueue'],
    budget: 'writes',
    schemas: enqueueBatchSchemas,
    bodyLimit: 'batchBodyBytes',
    docs: enqueueDocs.enqueueBatch,
    handle: enqueue.enqueueBatch,
  },
];
