import { type CommitSnapshot, Histogram } from '../../core/statistics.js';

/** Seconds. */
const DURATION_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

const GROUP_BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 500];

/** The shared memory of a meter, to be passed to another thread. */
export interface MeterMemory {
  durations: SharedArrayBuffer;
  groups: SharedArrayBuffer;
  retries: SharedArrayBuffer;
}

/** Measures commits. The writer's thread writes it; readers share its memory. */
export class CommitMeter {
  /** To be passed to the writer thread. */
  readonly memory: MeterMemory;
  readonly #durations: Histogram;
  readonly #groups: Histogram;
  readonly #retries: Float64Array;

  constructor(memory?: MeterMemory) {
    this.memory = memory ?? {
      durations: new SharedArrayBuffer(Histogram.bytesFor(DURATION_BOUNDS)),
      groups: new SharedArrayBuffer(Histogram.bytesFor(GROUP_BOUNDS)),
      retries: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    };
    this.#durations = new Histogram(DURATION_BOUNDS, this.memory.durations);
    this.#groups = new Histogram(GROUP_BOUNDS, this.memory.groups);
    this.#retries = new Float64Array(this.memory.retries);
  }

  /** Counts a commit of this many requests, begun at `start` by `performance.now()`. */
  committed(requests: number, start: number): void {
    this.#durations.observe((performance.now() - start) / 1000);
    this.#groups.observe(requests);
  }

  foundBusy(): void {
    (this.#retries[0] as number)++;
  }

  read(): CommitSnapshot {
    return {
      durations: this.#durations.read(),
      groups: this.#groups.read(),
      busyRetries: this.#retries[0] as number,
    };
  }
}
