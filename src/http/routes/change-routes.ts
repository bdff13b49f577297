import type { ChangeController } from '../../controllers/change-controller.js';
import type { EventController } from '../../controllers/event-controller.js';
import type { Route } from '../route.js';
import { eventsQuery, feedQuery, taskEventsQuery } from '../schemas/change-schemas.js';
import { taskParams } from '../schemas/task-schemas.js';
import { changeDocs } from './change-docs.js';

export const changeRoutes = (changes: ChangeController, events: EventController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/changes',
    scopes: ['read'],
    budget: 'polls',
    schemas: { query: feedQuery },
    docs: changeDocs.feed,
    handle: changes.feed,
  },
  {
    method: 'get',
    path: '/api/queue/events',
    scopes: ['read'],
    budget: 'polls',
    schemas: { query: eventsQuery },
    docs: changeDocs.all,
    handle: events.all,
  },
  {
    method: 'get',
    path: '/api/queue/tasks/:task_id/events',
    scopes: ['read'],
    budget: 'polls',
    schemas: { params: taskParams, query: taskEventsQuery },
    docs: changeDocs.ofTask,
    handle: events.ofTask,
  },
];
