import type { TaskController } from '../../controllers/task-controller.js';
import type { Route } from '../route.js';
import { taskListQuery, taskParams } from '../schemas/task-schemas.js';

export const taskRoutes = (tasks: TaskController): Route[] => [
  { method: 'get', path: '/api/queue/tasks/:task_id', schemas: { params: taskParams }, handle: tasks.find },
  { method: 'get', path: '/api/queue/tasks', schemas: { query: taskListQuery }, handle: tasks.list },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/cancel',
    schemas: { params: taskParams },
    handle: tasks.cancel,
  },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/retry',
    schemas: { params: taskParams },
    handle: tasks.retry,
  },
];
