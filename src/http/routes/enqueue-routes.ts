import type { EnqueueController } from '../../controllers/enqueue-controller.js';
import type { Route } from '../route.js';
import { enqueueBatchSchemas, enqueueSchemas } from '../schemas/task-schemas.js';

export const enqueueRoutes = (enqueue: EnqueueController): Route[] => [
  { method: 'post', path: '/api/queue/enqueue', schemas: enqueueSchemas, handle: enqueue.enqueue },
  {
    method: 'post',
    path: '/api/queue/enqueue/batch',
    schemas: enqueueBatchSchemas,
    bodyLimit: 'batchBodyBytes',
    handle: enqueue.enqueueBatch,
  },
];
