import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 2;

/** Bun counts its nanoseconds from the start of the process; there the time of day has to do. */
const isBun = 'bun' in process.versions;

/** Milliseconds of a clock that all processes of a machine share. */
export const machineNow = (): number =>
  isBun ? performance.timeOrigin + performance.now() : Number(process.hrtime.bigint()) / 1e6;

/** What a process that works has run. */
export class Handled {
  /** When handlers began: key and milliseconds. */
  readonly starts: [key: number, at: number][] = [];
  #count = 0;
  #begunAt = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;

  /** To be called by the handler of every task; `key` where the moment matters. */
  begin(key?: number): void {
    if (this.#count === 0) this.#begunAt = performance.now();
    if (key !== undefined) this.starts.push([key, machineNow()]);
    if (++this.#count >= this.#wanted) this.#reached?.();
  }

  /**
   * Resolves when so many were run and, asked again and again, the queue says that none is left; to the seconds since
   * the first handler began.
   */
  async untilDone(count: number, left: () => Promise<number> | number): Promise<number> {
    if (this.#count < count) {
      await new Promise<void>((resolve) => {
        this.#wanted = count;
        this.#reached = resolve;
      });
    }
    while ((await left()) > 0) await delay(PAUSE_MS);
    return (performance.now() - this.#begunAt) / 1000;
  }
}
