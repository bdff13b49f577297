import type { Controllers } from '../controllers/controllers.js';
import type { Route } from './route.js';
import { accessRoutes } from './routes/access-routes.js';
import { bulkRoutes } from './routes/bulk-routes.js';
import { changeRoutes } from './routes/change-routes.js';
import { enqueueRoutes } from './routes/enqueue-routes.js';
import { leaseRoutes } from './routes/lease-routes.js';
import { logRoutes } from './routes/log-routes.js';
import { openApiRoutes } from './routes/openapi-routes.js';
import { operatingRoutes } from './routes/operating-routes.js';
import { taskRoutes } from './routes/task-routes.js';
import { NO_PARAMETERS } from './schemas/query.js';

/** A route that says nothing of a query takes none. */
const withQuery = (route: Route): Route => ({
  ...route,
  schemas: { query: NO_PARAMETERS, ...route.schemas },
});

/** The route table: every endpoint there is. The poll comes first, as it is asked for most. */
export function createRoutes(controllers: Controllers, version: string): Route[] {
  const routes = [
    ...taskRoutes(controllers.tasks, controllers.lists),
    ...changeRoutes(controllers.changes, controllers.events),
    ...enqueueRoutes(controllers.enqueue),
    ...bulkRoutes(controllers.bulk),
    ...leaseRoutes(controllers.claims, controllers.leases),
    ...logRoutes(controllers.logs),
    ...operatingRoutes(controllers),
    ...accessRoutes(controllers),
  ].map(withQuery);
  return [...routes, ...openApiRoutes(routes, version, controllers.urls)];
}
