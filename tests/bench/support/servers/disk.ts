/** What is put under the writer thread in place of this machine's own disk. */
export interface Disk {
  /** Milliseconds that every commit waits more, as it would for a slow disk. */
  fsyncMs?: number;
  /** Most requests in one commit. */
  maxGroup?: number;
}

/** Under this name a thread finds its {@link Disk} in the environment data of its process. */
export const DISK = 'disk';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the calling thread, as an fsync does. */
export const block = (milliseconds: number): void => {
  if (milliseconds > 0) Atomics.wait(pause, 0, 0, milliseconds);
};
