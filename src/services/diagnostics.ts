import { type Clock, type Monotonic, systemMonotonic } from '../core/clock.js';
import { type DoctorFinding, problem } from '../core/finding.js';

/** Milliseconds for which findings count as fresh. */
const FRESH_MS = 60_000;

export interface Diagnosis {
  findings: readonly DoctorFinding[];
  /** Milliseconds since 1970 UTC. */
  at: number;
  tookMs: number;
}

/** The latest findings, and whether a check is running. */
export interface DiagnosisState {
  last: Diagnosis | null;
  isRunning: boolean;
}

const FAILED = problem(
  'diagnosis',
  'the database could not be checked',
  'see the log of the server; spoolite doctor on its machine may show more',
);

/** Checks the database on request, one check at a time, and caches the findings: a check reads the whole file. */
export class Diagnostics {
  readonly #diagnose: () => Promise<DoctorFinding[]>;
  readonly #clock: Clock;
  readonly #monotonic: Monotonic;
  #last: (Diagnosis & { done: number }) | null = null;
  #running: Promise<void> | null = null;

  constructor(diagnose: () => Promise<DoctorFinding[]>, clock: Clock, monotonic = systemMonotonic) {
    this.#diagnose = diagnose;
    this.#clock = clock;
    this.#monotonic = monotonic;
  }

  /** Starts a check if requested or if the findings are old, and waits for it, at most until `timeout` resolves. */
  async ask(isFresh: boolean, timeout: Promise<unknown>): Promise<DiagnosisState> {
    const isKnown = this.#last !== null && this.#monotonic() - this.#last.done < FRESH_MS;
    if (isFresh || !isKnown) this.#running ??= this.#run();
    if (this.#running) await Promise.race([this.#running, timeout]);
    return { last: this.#last, isRunning: this.#running !== null };
  }

  async #run(): Promise<void> {
    const begun = this.#monotonic();
    const at = this.#clock.now();
    const findings = await this.#diagnose().catch(() => [FAILED]);
    const done = this.#monotonic();
    this.#last = { findings, at, tookMs: done - begun, done };
    this.#running = null;
  }
}
