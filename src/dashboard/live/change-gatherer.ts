import type { Change } from './messages.js';

/** From the first change after a quiet time to the news of it, in milliseconds: what comes together is told together. */
const FIRST_MS = 50;

/** Least time between two pieces of news, in milliseconds, however much changes. */
const BETWEEN_MS = 1_000;

/** Most changes that are told one by one. */
const MOST = 2_000;

/** Gathers changes, so that a busy queue makes a page look once a second and not once a change. */
export class ChangeGatherer {
  readonly #tell: (changes: Change[], isWhole: boolean) => void;
  readonly #changes = new Map<number, Change>();
  #isWhole = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (changes: Change[], isWhole: boolean) => void) {
    this.#tell = tell;
  }

  add({ taskId, type, status }: Change): void {
    if (this.#changes.size < MOST || this.#changes.has(taskId))
      this.#changes.set(taskId, { taskId, type, status });
    else this.#isWhole = false;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delay());
  }

  /** Anything may have changed: nobody looked for a while. */
  addUnknown(): void {
    this.#isWhole = false;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delay());
  }

  #delay(): number {
    return Math.max(FIRST_MS, this.#toldAt + BETWEEN_MS - performance.now());
  }

  #flush(): void {
    const changes = [...this.#changes.values()];
    const isWhole = this.#isWhole;
    this.#changes.clear();
    this.#isWhole = true;
    this.#timer = undefined;
    this.#toldAt = performance.now();
    this.#tell(changes, isWhole);
  }
}
