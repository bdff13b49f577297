import type { Bench } from '../bench.js';
import type { Child } from '../processes/child.js';
import type { ContenderFunctions } from './contender-functions.js';

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
