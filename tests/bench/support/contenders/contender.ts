import type { Bench } from '../bench.js';
import type { Child } from '../processes/child.js';

/** A queue that is ready to be measured. */
export interface Contender {
  /** As the table names it. */
  name: string;
  /** True when it differs from another contender only in how it works on many tasks. */
  forManyOnly?: boolean;
  /** An empty queue; returns where it is. */
  newPlace(): Promise<string> | string;
  /** A process that enqueues or works; `open()` is its first call. */
  child(): Child<ContenderFunctions>;
  /** Ends what the queue needs to run. */
  stop(): Promise<void>;
}

/** Makes contenders ready: more than one where a peer is measured with several settings. */
export interface ContenderKind {
  name: string;
  /** Settings that matter, for the output and the documentation. */
  settings: string;
  /** Throws {@link MissingProgram}. */
  start(bench: Bench): Promise<Contender[]>;
}

/** A server program is not installed; the message says how to get it. */
export class MissingProgram extends Error {
  constructor(program: string, debianPackage: string) {
    super(`there is no ${program}; on Debian, install it with: apt-get install ${debianPackage}`);
  }
}

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
