import { AccessControl } from '../auth/access-control.js';
import { ApiKeyCache } from '../auth/api-key-cache.js';
import { ClientAddresses } from '../auth/client-address.js';
import { Sessions } from '../auth/credentials.js';
import { ConcurrencyLimiter, LongPollRegistry } from '../auth/long-polls.js';
import { FailedAuthLimiter, RateLimits } from '../auth/rate-limits.js';
import type { ServerSettings } from '../config/server-options.js';
import { type Clock, monotonicOf, type Random, systemRandom } from '../core/clock.js';
import type { DoctorFinding } from '../core/finding.js';
import { RequestMeter } from '../metrics/request-meter.js';
import type { Repositories } from '../repositories/storage.js';
import { BulkChange } from '../services/bulk-change.js';
import { ChangeHub, type OnCommit } from '../services/change-hub.js';
import { ClaimWaitQueue } from '../services/claim-wait-queue.js';
import { Diagnostics } from '../services/diagnostics.js';
import { QueueEstimates, TypeEstimates } from '../services/queue-estimates.js';
import { ReplyBudget } from '../services/reply-budget.js';
import { TaskWait } from '../services/task-wait.js';
import { BulkController } from './bulk.js';
import { ChangeController } from './changes.js';
import { ClaimController } from './claims.js';
import { DoctorController } from './doctor.js';
import { EnqueueController } from './enqueue.js';
import { EventController } from './events.js';
import { LeaseController } from './leases.js';
import { LogController } from './logs.js';
import { MetricsController } from './metrics.js';
import { type Failure, OperatingController, type Readiness } from './operating.js';
import { OwnUrls } from './own-urls.js';
import { AuditLogController, SessionController } from './sessions.js';
import { StatsController } from './stats.js';
import { ListController } from './task-list.js';
import { TaskReply } from './task-resource.js';
import { TaskController } from './tasks.js';
import { WorkerController } from './workers.js';

/** Dependencies of the controllers. */
export interface ControllerOptions {
  repositories: Repositories;
  clock: Clock;
  /** For the backoff of attempts that fail over HTTP. */
  random?: Random;
  version: string;
  readiness: Readiness;
  /** Why nothing can be written until a restart; default: never. */
  failure?: Failure;
  /** Checks the database without delaying other requests; default: nothing to check. */
  diagnose?: () => Promise<DoctorFinding[]>;
  onCommit: OnCommit;
  /** Counts requests. */
  requests?: RequestMeter;
  settings: ServerSettings;
  /** Log lines that could not be written so far; default 0. */
  droppedLogLines?: () => number;
  /** Aborted when the server stops; ends the waits. */
  stopping?: AbortSignal;
}

export interface Controllers {
  keyCache: ApiKeyCache;
  /** Authorizes a request before it reaches a controller. */
  accessControl: AccessControl;
  urls: OwnUrls;
  tasks: TaskController;
  lists: ListController;
  changes: ChangeController;
  events: EventController;
  enqueue: EnqueueController;
  bulk: BulkController;
  claims: ClaimController;
  leases: LeaseController;
  logs: LogController;
  workers: WorkerController;
  stats: StatsController;
  operating: OperatingController;
  metrics: MetricsController;
  waits: LongPollRegistry;
  doctor: DoctorController;
  sessions: SessionController;
  auditLog: AuditLogController;
}

function createAccessControl(
  keyCache: ApiKeyCache,
  sessions: Sessions,
  addresses: ClientAddresses,
  { clock, settings }: ControllerOptions,
): AccessControl {
  const monotonic = monotonicOf(clock);
  const keepers = {
    keyCache,
    sessions,
    addresses,
    rates: new RateLimits(
      { polls: settings.pollsPerMinute, writes: settings.writesPerMinute, reads: settings.readsPerMinute },
      monotonic,
    ),
    wrongKeys: new FailedAuthLimiter(settings.authFailuresPerMinute, monotonic),
    clock,
  };
  return new AccessControl(keepers, settings);
}

export function createControllers(options: ControllerOptions): Controllers {
  const { clock, random = systemRandom, version, readiness, onCommit, settings } = options;
  const { stopping = new AbortController().signal, requests = new RequestMeter() } = options;
  const { tasks, changes, leases, logs, workers, stats, metrics, auditLog } = options.repositories;
  const keyCache = new ApiKeyCache(options.repositories.keys, clock);
  const sessions = new Sessions(settings.sessionSecret);
  const addresses = new ClientAddresses(settings.trustProxy);
  const accessControl = createAccessControl(keyCache, sessions, addresses, options);
  const urls = new OwnUrls(addresses);
  const waits = new LongPollRegistry(
    stopping,
    keyCache,
    new ConcurrencyLimiter({ perClient: settings.waitsPerClient, total: settings.maxWaits }),
  );
  const hub = new ChangeHub(changes, onCommit);
  const budget = new ReplyBudget();
  const queueEstimates = new QueueEstimates(options.repositories, clock);
  const reply = new TaskReply(new TypeEstimates(stats, clock), queueEstimates, clock, budget);
  return {
    keyCache,
    accessControl,
    urls,
    tasks: new TaskController(tasks, reply, new TaskWait(tasks, hub), waits, budget),
    lists: new ListController(tasks, urls, budget),
    changes: new ChangeController(changes, hub, waits, budget),
    events: new EventController(tasks, changes, hub, waits, budget),
    enqueue: new EnqueueController(tasks),
    bulk: new BulkController(new BulkChange(options.repositories.bulk), stopping),
    claims: new ClaimController(leases, workers, new ClaimWaitQueue(leases, onCommit, clock), waits, budget),
    leases: new LeaseController(leases, tasks, reply, random),
    logs: new LogController(logs, urls, budget),
    workers: new WorkerController(workers, urls, budget),
    stats: new StatsController(stats, clock, urls),
    doctor: new DoctorController(new Diagnostics(options.diagnose ?? (async () => []), clock)),
    operating: new OperatingController(version, readiness, options.failure ?? (() => null)),
    metrics: new MetricsController({
      metrics,
      clock,
      version,
      requests,
      openWaits: () => waits.open,
      droppedLogLines: options.droppedLogLines ?? (() => 0),
      stopping,
    }),
    waits,
    sessions: new SessionController({ keyCache, accessControl, sessions, clock }),
    auditLog: new AuditLogController(auditLog, urls, budget),
  };
}
