import type { DoctorController } from '../../controllers/doctor-controller.js';
import type { MetricsController } from '../../controllers/metrics-controller.js';
import type { OperatingController } from '../../controllers/operating-controller.js';
import type { StatsController } from '../../controllers/stats-controller.js';
import type { WorkerController } from '../../controllers/worker-controller.js';
import type { Route } from '../route.js';
import { doctorQuery } from '../schemas/doctor-schemas.js';
import { historyQuery, typeStatsQuery } from '../schemas/stats-schemas.js';
import { workerListQuery } from '../schemas/worker-schemas.js';
import { doctorDocs } from './doctor-docs.js';
import { operatingDocs } from './operating-docs.js';
import { statsDocs } from './stats-docs.js';

interface OperatingControllers {
  operating: OperatingController;
  metrics: MetricsController;
  doctor: DoctorController;
  stats: StatsController;
  workers: WorkerController;
}

export const operatingRoutes = ({
  operating,
  doctor,
  metrics,
  stats,
  workers,
}: OperatingControllers): Route[] => [
  {
    method: 'get',
    path: '/api/queue/stats',
    scopes: ['read'],
    budget: 'reads',
    docs: statsDocs.overview,
    handle: stats.overview,
  },
  {
    method: 'get',
    path: '/api/queue/stats/due',
    scopes: ['read'],
    budget: 'reads',
    docs: statsDocs.due,
    handle: stats.due,
  },
  {
    method: 'get',
    path: '/api/queue/stats/types',
    scopes: ['read'],
    budget: 'reads',
    schemas: { query: typeStatsQuery },
    docs: statsDocs.byType,
    handle: stats.byType,
  },
  {
    method: 'get',
    path: '/api/queue/stats/history',
    scopes: ['read'],
    budget: 'reads',
    schemas: { query: historyQuery },
    docs: statsDocs.history,
    handle: stats.history,
  },
  {
    method: 'get',
    path: '/api/queue/workers',
    scopes: ['read'],
    budget: 'reads',
    schemas: { query: workerListQuery },
    docs: operatingDocs.workers,
    handle: workers.list,
  },
  {
    method: 'get',
    path: '/api/doctor',
    scopes: ['admin'],
    budget: 'reads',
    schemas: { query: doctorQuery },
    docs: doctorDocs,
    handle: doctor.read,
  },
  {
    method: 'get',
    path: '/api/health',
    scopes: [],
    budget: 'none',
    docs: operatingDocs.health,
    handle: operating.health,
  },
  {
    method: 'get',
    path: '/api/ready',
    scopes: [],
    budget: 'none',
    docs: operatingDocs.ready,
    handle: operating.ready,
  },
  {
    method: 'get',
    path: '/metrics',
    scopes: ['read'],
    budget: 'none',
    docs: operatingDocs.metrics,
    handle: metrics.read,
  },
];
