import type { OperatingController } from '../../controllers/operating-controller.js';
import type { StatsController } from '../../controllers/stats-controller.js';
import type { WorkerController } from '../../controllers/worker-controller.js';
import type { Route } from '../route.js';
import { historyQuery, typeStatsQuery } from '../schemas/stats-schemas.js';

interface OperatingControllers {
  operating: OperatingController;
  stats: StatsController;
  workers: WorkerController;
}

export const operatingRoutes = ({ operating, stats, workers }: OperatingControllers): Route[] => [
  { method: 'get', path: '/api/queue/stats', handle: stats.overview },
  { method: 'get', path: '/api/queue/stats/types', schemas: { query: typeStatsQuery }, handle: stats.byType },
  {
    method: 'get',
    path: '/api/queue/stats/history',
    schemas: { query: historyQuery },
    handle: stats.history,
  },
  { method: 'get', path: '/api/queue/workers', handle: workers.list },
  { method: 'get', path: '/api/health', handle: operating.health },
  { method: 'get', path: '/api/ready', handle: operating.ready },
];
