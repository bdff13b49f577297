import type { Monotonic } from '../domain/monotonic.js';
import type { Place, WalkStep } from '../repositories/retention-repository.js';

/** Before everything that a walk can come to. */
const START: Place = { at: -1, id: 0 };

/**
 * Milliseconds after which a walk begins anew, for what it may have left behind: tasks that were put in with an end of long
 * ago, or ended while the clock was set back.
 */
const ANEW_MS = 86_400_000;

/** One step from a place. */
export type WalkOn = (after: Place) => Promise<WalkStep>;

/** Goes over tasks in small steps and remembers how far it has come, so that tasks which are kept cost it one look a day. */
export class RetentionWalk {
  readonly #walkOn: WalkOn;
  readonly #monotonic: Monotonic;
  #place = START;
  #begun: number;

  constructor(walkOn: WalkOn, monotonic: Monotonic) {
    this.#walkOn = walkOn;
    this.#monotonic = monotonic;
    this.#begun = monotonic();
  }

  /** Resolves to whether the next step is worthwhile at once. */
  async step(): Promise<boolean> {
    const { place, isEnd } = await this.#walkOn(this.#place);
    this.#place = place;
    if (isEnd && this.#monotonic() - this.#begun >= ANEW_MS) {
      this.#place = START;
      this.#begun = this.#monotonic();
    }
    return !isEnd;
  }
}
