import { Api } from './api.js';
import { Disturber } from './disturber.js';
import { Enqueuer } from './enqueuer.js';
import { Executions } from './executions.js';
import { Fleet } from './fleet.js';
import { judge, type Verdict } from './judge.js';
import { databaseIn, launches } from './launch.js';
import { Ledger } from './ledger.js';
import { Meddler } from './meddler.js';
import { seededRandom } from './seeded-random.js';
import { sleep } from './sleep.js';
import type { TortureOptions } from './torture-options.js';
import { Watcher } from './watcher.js';

/** Clients that enqueue at the same time. */
const CLIENTS = 6;

/** Milliseconds that the queue has to work off what is left, once it is left in peace. */
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

/** One torture from start to verdict. */
export class Torture {
  readonly #options: TortureOptions;
  readonly #directory: string;
  readonly #interrupted: AbortSignal;
  /** Aborted when the disturbing ends. */
  readonly #calm = new AbortController();
  /** Aborted when all is done, or has to be. */
  readonly #over = new AbortController();
  readonly #ledger = new Ledger();
  readonly #fleet: Fleet;
  readonly #disturber: Disturber;
  readonly #watcher: Watcher;
  #stream = 0;
  #executions: Executions | undefined;

  constructor(options: TortureOptions, directory: string, interrupted: AbortSignal) {
    this.#options = options;
    this.#directory = directory;
    this.#interrupted = interrupted;
    this.#fleet = new Fleet(launches(options, directory), directory);
    this.#disturber = new Disturber(this.#fleet, this.#random(), this.#random());
    this.#watcher = new Watcher(this.#api(), this.#ledger);
    interrupted.addEventListener('abort', () => {
      this.#calm.abort();
      this.#over.abort();
    });
  }

  get figures(): Figures {
    const { kills, stops, stopsPastLease, terminations } = this.#disturber;
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
    return this.#watcher.backlog;
  }

  /** Null when it was interrupted. Whatever happens, no process is left. Throws `StartupError` when one does not start. */
  async run(): Promise<Verdict | null> {
    try {
      await this.#fleet.start();
      await this.#disturb();
      if (this.#interrupted.aborted) return null;
      await this.#fleet.disband();
    } finally {
      this.#calm.abort();
      this.#over.abort();
      await this.#fleet.kill();
    }
    return this.#interrupted.aborted ? null : this.#judge();
  }

  async #disturb(): Promise<void> {
    const [calm, over] = [this.#calm.signal, this.#over.signal];
    const calmAfterMs = this.#options.seconds * 1000;
    setTimeout(() => this.#calm.abort(), calmAfterMs).unref();
    setTimeout(() => this.#over.abort(), calmAfterMs + DRAIN_MS).unref();
    const watching = this.#watcher.run(over);
    const clients = this.#enqueuers().map((client) => client.run());
    const meddling = new Meddler(this.#api(), this.#ledger, this.#random()).run(calm);
    // What fails among them ends the torture with its error; the processes are ended by whoever called.
    await Promise.race([this.#disturber.run(calm), ...[watching, meddling, ...clients].map(onlyFailure)]);
    await Promise.all([this.#fleet.allReady(over), meddling, ...clients]);
    await this.#drained(over);
    this.#over.abort();
    await watching;
  }

  /** Resolves when a look that began from here on has found nothing left to do, or at the last end. */
  async #drained(over: AbortSignal): Promise<void> {
    const looks = this.#watcher.looks + 1;
    while (!over.aborted && (this.#watcher.looks <= looks || this.#watcher.backlog > 0)) {
      await sleep(LOOK_MS, over);
    }
  }

  #enqueuers(): Enqueuer[] {
    let keys = 0;
    const nextKey = () => `torture-${this.#options.seed}-${++keys}`;
    return Array.from({ length: CLIENTS }, () => {
      const around = {
        api: this.#api(),
        ledger: this.#ledger,
        backlog: () => this.#watcher.backlog,
        nextKey,
        calm: this.#calm.signal,
        over: this.#over.signal,
      };
      return new Enqueuer(around, this.#random());
    });
  }

  #judge(): Verdict {
    this.#executions = Executions.readFrom(this.#directory);
    return judge(databaseIn(this.#directory), {
      ledger: this.#ledger,
      executions: this.#executions,
      sightings: this.#watcher.sightings,
      complaints: this.#fleet.complaints,
    });
  }

  #api(): Api {
    return new Api(() => this.#fleet.addresses, this.#random(), this.#over.signal);
  }

  /** A stream of random numbers for each user, so that what one draws does not depend on when others do. */
  #random() {
    return seededRandom(this.#options.seed, this.#stream++);
  }
}

const onlyFailure = (work: Promise<void>): Promise<void> =>
  new Promise((_, reject) => {
    work.catch(reject);
  });
