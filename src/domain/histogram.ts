/** What a histogram has seen so far. */
export interface HistogramReading {
  /** Upper bounds of the buckets, inclusive, rising; beyond the last one is one more bucket. */
  bounds: readonly number[];
  /** Of each bucket by itself; one more than there are bounds. */
  counts: number[];
  sum: number;
}

/**
 * Counts values in fixed buckets: plain numbers in one piece of memory, so that observing costs next to nothing, and
 * another thread may read them while they grow.
 */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #cells: Float64Array;

  /** `buffer` has room for {@link Histogram.bytesFor} these bounds; memory of its own by default. */
  constructor(
    bounds: readonly number[],
    buffer: ArrayBufferLike = new ArrayBuffer(Histogram.bytesFor(bounds)),
  ) {
    this.#bounds = bounds;
    this.#cells = new Float64Array(buffer);
  }

  /** A count for each bucket, one for all beyond, and the sum. */
  static bytesFor(bounds: readonly number[]): number {
    return (bounds.length + 2) * Float64Array.BYTES_PER_ELEMENT;
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket++;
    (this.#cells[bucket] as number)++;
    (this.#cells[this.#cells.length - 1] as number) += value;
  }

  read(): HistogramReading {
    const cells = [...this.#cells];
    const sum = cells.pop() as number;
    return { bounds: this.#bounds, counts: cells, sum };
  }
}
