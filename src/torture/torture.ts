import { Api, sleep } from './api.js';
import { type CheckReport, checkDatabase } from './check.js';
import { Enqueuer, RandomCanceller } from './clients.js';
import { Executions } from './executions.js';
import { FaultInjector } from './fault-injector.js';
import { Fleet } from './fleet.js';
import { QueueObserver, RequestLedger } from './observations.js';
import { seededRandom } from './random.js';
import { databaseIn, launches, type TortureOptions } from './setup.js';

/** Concurrent enqueuing clients. */
const CLIENTS = 6;

/** Milliseconds in which the queue must finish its backlog after the last fault. */
const DRAIN_MS = 60_000;

const LOOK_MS = 50;

/** Counts of a torture, running or done. */
export interface Figures {
  acknowledged: number;
  refused: number;
  unanswered: number;
  executed: number;
  kills: number;
  stops: number;
  stops_past_lease: number;
  terminations: number;
}

/** One run, from start to report. */
export class Torture {
  readonly #options: TortureOptions;
  readonly #directory: string;
  readonly #interrupted: AbortSignal;
  /** Aborted when the fault injection ends. */
  readonly #calm = new AbortController();
  /** Aborted when the run is done, or must end. */
  readonly #over = new AbortController();
  readonly #ledger = new RequestLedger();
  readonly #fleet: Fleet;
  readonly #faultInjector: FaultInjector;
  readonly #observer: QueueObserver;
  #stream = 0;
  #executions: Executions | undefined;

  constructor(options: TortureOptions, directory: string, interrupted: AbortSignal) {
    this.#options = options;
    this.#directory = directory;
    this.#interrupted = interrupted;
    this.#fleet = new Fleet(launches(options, directory), directory);
    this.#faultInjector = new FaultInjector(this.#fleet, this.#random(), this.#random());
    this.#observer = new QueueObserver(this.#api(), this.#ledger);
    interrupted.addEventListener('abort', () => {
      this.#calm.abort();
      this.#over.abort();
    });
  }

  get figures(): Figures {
    const { kills, stops, stopsPastLease, terminations } = this.#faultInjector;
    return {
      acknowledged: this.#ledger.acknowledgedIds.length,
      refused: this.#ledger.refused,
      unanswered: this.#ledger.unanswered,
      executed: this.#executions?.total ?? 0,
      kills,
      stops,
      stops_past_lease: stopsPastLease,
      terminations,
    };
  }

  get backlog(): number {
    return this.#observer.backlog;
  }

  /** Null if interrupted. Leaves no process in any case. Throws `UserError` if one does not start. */
  async run(): Promise<CheckReport | null> {
    try {
      await this.#fleet.start();
      await this.#injectFaults();
      if (this.#interrupted.aborted) return null;
      await this.#fleet.disband();
    } finally {
      this.#calm.abort();
      this.#over.abort();
      await this.#fleet.kill();
    }
    return this.#interrupted.aborted ? null : this.#check();
  }

  async #injectFaults(): Promise<void> {
    const [calm, over] = [this.#calm.signal, this.#over.signal];
    const calmAfterMs = this.#options.seconds * 1000;
    setTimeout(() => this.#calm.abort(), calmAfterMs).unref();
    setTimeout(() => this.#over.abort(), calmAfterMs + DRAIN_MS).unref();
    const watching = this.#observer.run(over);
    const clients = this.#enqueuers().map((client) => client.run());
    const cancelling = new RandomCanceller(this.#api(), this.#ledger, this.#random()).run(calm);
    // A failure among them ends the run with its error; the caller ends the processes.
    await Promise.race([
      this.#faultInjector.run(calm),
      ...[watching, cancelling, ...clients].map(onlyFailure),
    ]);
    await Promise.all([this.#fleet.allReady(over), cancelling, ...clients]);
    await this.#drained(over);
    this.#over.abort();
    await watching;
  }

  /** Resolves once a poll that began after this call has found no backlog, or on abort. */
  async #drained(over: AbortSignal): Promise<void> {
    const looks = this.#observer.looks + 1;
    while (!over.aborted && (this.#observer.looks <= looks || this.#observer.backlog > 0)) {
      await sleep(LOOK_MS, over);
    }
  }

  #enqueuers(): Enqueuer[] {
    let keys = 0;
    const nextKey = () => `torture-${this.#options.seed}-${++keys}`;
    return Array.from({ length: CLIENTS }, () => {
      const deps = {
        api: this.#api(),
        ledger: this.#ledger,
        backlog: () => this.#observer.backlog,
        nextKey,
        calm: this.#calm.signal,
        over: this.#over.signal,
      };
      return new Enqueuer(deps, this.#random());
    });
  }

  #check(): CheckReport {
    this.#executions = Executions.readFrom(this.#directory);
    return checkDatabase(databaseIn(this.#directory), {
      ledger: this.#ledger,
      executions: this.#executions,
      finishedStates: this.#observer.finishedStates,
      complaints: this.#fleet.complaints,
    });
  }

  #api(): Api {
    return new Api(() => this.#fleet.addresses, this.#random(), this.#over.signal);
  }

  /** A stream of random numbers for each user, so that its draws do not depend on when others draw. */
  #random() {
    return seededRandom(this.#options.seed, this.#stream++);
  }
}

const onlyFailure = (work: Promise<void>): Promise<void> =>
  new Promise((_, reject) => {
    work.catch(reject);
  });
