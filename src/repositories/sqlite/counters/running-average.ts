/** By how much of the difference a sample moves the average: an eighth forgets what is more than some dozens of samples old. */
const SHARE = 1 / 8;

/**
 * What some samples do to a running average that is not known yet: `average * keep + add`, or `fresh` where there was
 * none.
 */
export class RunningAverage {
  keep = 1;
  add = 0;
  fresh: number | null = null;

  sample(value: number): void {
    this.keep *= 1 - SHARE;
    this.add += (value - this.add) * SHARE;
    this.fresh = this.fresh === null ? value : this.fresh + (value - this.fresh) * SHARE;
  }
}
