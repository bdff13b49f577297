import type { ListController } from '../../controllers/list-controller.js';
import type { TaskController } from '../../controllers/task-controller.js';
import type { Route } from '../route.js';
import { taskListQuery, taskParams, taskQuery } from '../schemas/task-schemas.js';
import { taskDocs } from './task-docs.js';

export const taskRoutes = (tasks: TaskController, lists: ListController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/tasks/:task_id',
    scopes: ['read'],
    budget: 'polls',
    schemas: { params: taskParams, query: taskQuery },
    docs: taskDocs.find,
    handle: tasks.find,
  },
  {
    method: 'get',
    path: '/api/queue/tasks',
    scopes: ['read'],
    budget: 'reads',
    schemas: { query: taskListQuery },
    docs: taskDocs.list,
    handle: lists.list,
  },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/cancel',
    scopes: ['enqueue', 'read'],
    budget: 'writes',
    schemas: { params: taskParams },
    docs: taskDocs.cancel,
    handle: tasks.cancel,
  },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/retry',
    scopes: ['enqueue', 'read'],
    budget: 'writes',
    schemas: { params: taskParams },
    docs: taskDocs.retry,
    handle: tasks.retry,
  },
];
