/**
 * What a process does for a queue that is compared: ours or a peer's. One process enqueues and another works. A type
 * and not an interface, since functions of a child process are a record.
 */
export type ContenderFunctions = {
  /** Connects to where the queue is: a file's path, or an address. */
  open(place: string): Promise<void>;
  /** Enqueues so many tasks that do nothing, in batches; returns how many seconds that took. */
  fill(count: number, batch: number): Promise<number>;
  /** Starts to work, at the queue's best settings for many tasks, or for one now and then. */
  work(purpose: 'many' | 'single'): Promise<void>;
  /**
   * Resolves when this process has run so many tasks and the queue has stored that they are done; to the seconds since
   * the first one began.
   */
  untilDone(count: number): Promise<number>;
  /** Enqueues one task; returns when that was acknowledged, in milliseconds of the machine's clock. */
  enqueueOne(key: number): Promise<number>;
  /** When handlers began: key and milliseconds. */
  starts(): [key: number, at: number][];
  close(): Promise<void>;
};
