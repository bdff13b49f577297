import type { LogController } from '../../controllers/log-controller.js';
import type { Route } from '../route.js';
import { logAppendBody, logListQuery } from '../schemas/log-schemas.js';
import { taskParams } from '../schemas/task-schemas.js';
import { logDocs } from './log-docs.js';

const path = '/api/queue/tasks/:task_id/logs';

export const logRoutes = (logs: LogController): Route[] => [
  {
    method: 'get',
    path,
    scopes: ['read'],
    budget: 'reads',
    schemas: { params: taskParams, query: logListQuery },
    docs: logDocs.list,
    handle: logs.list,
  },
  {
    method: 'post',
    path,
    scopes: ['work'],
    budget: 'writes',
    schemas: { params: taskParams, body: logAppendBody },
    docs: logDocs.append,
    handle: logs.append,
  },
];
