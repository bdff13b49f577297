import type { Clock } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import { monotonicOf } from '../domain/monotonic.js';
import { type Random, systemRandom } from '../domain/random.js';
import type { Repositories } from '../repositories/repositories.js';
import { ClientAddresses } from './access/client-addresses.js';
import { Gate, type GateOptions } from './access/gate.js';
import { KeyRing } from './access/key-ring.js';
import { Sessions } from './access/session.js';
import { AuditLogController } from './audit-log-controller.js';
import { BulkChange } from './bulk-change.js';
import { BulkController } from './bulk-controller.js';
import { ChangeController } from './change-controller.js';
import { ChangeHub, type OnCommit } from './changes/change-hub.js';
import { TaskWait } from './changes/task-wait.js';
import { Waits } from './changes/waits.js';
import { ClaimController } from './claim-controller.js';
import { ClaimLine } from './claim-line.js';
import { DoctorController } from './doctor-controller.js';
import { EnqueueController } from './enqueue-controller.js';
import { EventController } from './event-controller.js';
import { Examination } from './examination.js';
import { LeaseController } from './lease-controller.js';
import { NO_RATES, RateLimits, type Rates } from './limits/rate-limits.js';
import { ReplyBudget } from './limits/reply-budget.js';
import { WAIT_CAPS, type WaitCaps, WaitPlaces } from './limits/wait-places.js';
import { WRONG_KEYS_PER_MINUTE, WrongKeys } from './limits/wrong-keys.js';
import { ListController } from './list-controller.js';
import { LogController } from './log-controller.js';
import { RequestMeter } from './metrics/request-meter.js';
import { MetricsController } from './metrics-controller.js';
import { type Failure, OperatingController, type Readiness } from './operating-controller.js';
import { OwnUrls } from './own-urls.js';
import { QueueOutlook } from './queue-outlook.js';
import { SessionController } from './session-controller.js';
import { StatsController } from './stats-controller.js';
import { TaskController } from './task-controller.js';
import { TaskReply } from './task-reply.js';
import { TypeEstimates } from './type-estimates.js';
import { WorkerController } from './worker-controller.js';

/** What keeps one client from taking all there is. */
export interface Guards {
  /** Requests a minute of each client; default no limit. */
  rates?: Rates;
  /** Wrong keys a minute from one address. */
  wrongKeysPerMinute?: number;
  /** Long polls and streams that may be open at once. */
  waits?: WaitCaps;
  /** Addresses and networks of proxies that are believed when they say whom they ask for; default none. */
  trustedProxies?: readonly string[];
}

/** What controllers work with. */
export interface ControllerOptions {
  repositories: Repositories;
  clock: Clock;
  /** For the backoff of attempts that failed over HTTP. */
  random?: Random;
  version: string;
  readiness: Readiness;
  /** Why nothing can be written until a restart; default: nothing has failed. */
  failure?: Failure;
  /** Examines the database, without keeping anybody waiting; default: there is nothing to examine. */
  examine?: () => Promise<Finding[]>;
  onCommit: OnCommit;
  /** Where requests are counted. */
  requests?: RequestMeter;
  access?: Partial<GateOptions>;
  guards?: Guards;
  /** What sessions are signed with; without one they end with the process. */
  sessionSecret?: string | undefined;
  /** Lines of the log that could not be written so far; default 0. */
  droppedLogLines?: () => number;
  /** Aborted when the server is told to stop; ends the waits. */
  stopping?: AbortSignal;
}

export interface Controllers {
  ring: KeyRing;
  /** Asked before any controller is. */
  gate: Gate;
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
  waits: Waits;
  doctor: DoctorController;
  sessions: SessionController;
  auditLog: AuditLogController;
}

const NO_EXCEPTIONS: GateOptions = { hidePayloads: false, allowedHosts: [], corsOrigins: [] };

function createGate(
  ring: KeyRing,
  sessions: Sessions,
  addresses: ClientAddresses,
  { clock, guards = {}, access }: ControllerOptions,
): Gate {
  const { rates = NO_RATES, wrongKeysPerMinute = WRONG_KEYS_PER_MINUTE } = guards;
  const monotonic = monotonicOf(clock);
  const keepers = {
    ring,
    sessions,
    addresses,
    rates: new RateLimits(rates, monotonic),
    wrongKeys: new WrongKeys(wrongKeysPerMinute, monotonic),
    clock,
  };
  return new Gate(keepers, { ...NO_EXCEPTIONS, ...access });
}

/** One controller per resource. */
export function createControllers(options: ControllerOptions): Controllers {
  const { clock, random = systemRandom, version, readiness, onCommit } = options;
  const { stopping = new AbortController().signal, requests = new RequestMeter() } = options;
  const { tasks, changes, leases, logs, workers, stats, metrics, auditLog } = options.repositories;
  const ring = new KeyRing(options.repositories.keys, clock);
  const sessions = new Sessions(options.sessionSecret);
  const addresses = new ClientAddresses(options.guards?.trustedProxies ?? []);
  const gate = createGate(ring, sessions, addresses, options);
  const urls = new OwnUrls(addresses);
  const waits = new Waits(stopping, ring, new WaitPlaces(options.guards?.waits ?? WAIT_CAPS));
  const hub = new ChangeHub(changes, onCommit);
  const budget = new ReplyBudget();
  const outlook = new QueueOutlook(options.repositories, clock);
  const reply = new TaskReply(new TypeEstimates(stats, clock), outlook, clock, budget);
  return {
    ring,
    gate,
    urls,
    tasks: new TaskController(tasks, reply, new TaskWait(tasks, hub, waits), budget),
    lists: new ListController(tasks, urls, budget),
    changes: new ChangeController(changes, hub, waits, budget),
    events: new EventController(tasks, changes, hub, waits, budget),
    enqueue: new EnqueueController(tasks),
    bulk: new BulkController(new BulkChange(options.repositories.bulk), stopping),
    claims: new ClaimController(leases, workers, new ClaimLine(leases, onCommit, clock, waits), budget),
    leases: new LeaseController(leases, tasks, reply, random),
    logs: new LogController(logs, urls, budget),
    workers: new WorkerController(workers, urls, budget),
    stats: new StatsController(stats, clock, urls),
    doctor: new DoctorController(new Examination(options.examine ?? (async () => []), clock)),
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
    sessions: new SessionController({ ring, gate, sessions, clock }),
    auditLog: new AuditLogController(auditLog, urls, budget),
  };
}
