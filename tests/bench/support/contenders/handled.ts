import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 2;

/** Nanoseconds of the one clock that all processes of a machine share. */
export const machineNow = (): number => Number(process.hrtime.bigint());

/** What a process that works has run. */
export class Handled {
  /** When handlers began: key and nanoseconds. */
  readonly starts: [key: number, at: number][] = [];
  #count = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;

  /** To be called by the handler of every task; `key` where the moment matters. */
  begin(key?: number): void {
    if (key !== undefined) this.starts.push([key, machineNow()]);
    if (++this.#count >= this.#wanted) this.#reached?.();
  }

  /** Resolves when so many were run and, asked again and again, the queue says that none is left. */
  async untilDone(count: number, left: () => Promise<number> | number): Promise<void> {
    if (this.#count < count) {
      await new Promise<void>((resolve) => {
        this.#wanted = count;
        this.#reached = resolve;
      });
    }
    while ((await left()) > 0) await delay(PAUSE_MS);
  }
}
