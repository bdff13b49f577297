import { bulkRoutes } from '../controllers/bulk.js';
import { changeRoutes } from '../controllers/changes.js';
import { claimRoutes } from '../controllers/claims.js';
import type { Controllers } from '../controllers/controllers.js';
import { doctorRoutes } from '../controllers/doctor.js';
import { enqueueRoutes } from '../controllers/enqueue.js';
import { eventRoutes } from '../controllers/events.js';
import { leaseRoutes } from '../controllers/leases.js';
import { logRoutes } from '../controllers/logs.js';
import { metricsRoutes } from '../controllers/metrics.js';
import { operatingRoutes } from '../controllers/operating.js';
import type { Route } from '../controllers/route.js';
import { accessRoutes } from '../controllers/sessions.js';
import { statsRoutes } from '../controllers/stats.js';
import { listRoutes } from '../controllers/task-list.js';
import { taskRoutes } from '../controllers/tasks.js';
import { workerRoutes } from '../controllers/workers.js';
import { NO_PARAMETERS } from '../validation/query.js';
import { openApiRoutes } from './openapi/endpoint.js';

/** A route without a query schema accepts no parameters. */
const withQuery = (route: Route): Route => ({
  ...route,
  schemas: { query: NO_PARAMETERS, ...route.schemas },
});

/** The route table: every endpoint. The poll comes first, as the most frequent. */
export function createRoutes(controllers: Controllers, version: string): Route[] {
  const routes = [
    ...taskRoutes(controllers.tasks),
    ...listRoutes(controllers.lists),
    ...changeRoutes(controllers.changes),
    ...eventRoutes(controllers.events),
    ...enqueueRoutes(controllers.enqueue),
    ...bulkRoutes(controllers.bulk),
    ...claimRoutes(controllers.claims),
    ...leaseRoutes(controllers.leases),
    ...logRoutes(controllers.logs),
    ...statsRoutes(controllers.stats),
    ...workerRoutes(controllers.workers),
    ...doctorRoutes(controllers.doctor),
    ...operatingRoutes(controllers.operating),
    ...metricsRoutes(controllers.metrics),
    ...accessRoutes(controllers),
  ].map(withQuery);
  return [...routes, ...openApiRoutes(routes, version, controllers.urls)];
}
