import type { Repositories } from './repositories.js';

/** An open database: its repositories, and word of what other processes commit. */
export interface Storage {
  repositories: Repositories;
  /** Calls `listener` after commits of any process; several may be told as one. Returns a function that ends it. */
  onCommit(listener: () => void): () => void;
  /** Name of each check → "ok", or a sentence that says what is wrong. After a refused write it tries a small one. */
  check(): Promise<Record<string, string>>;
  /** Commits what was asked for, then closes. */
  close(): Promise<void>;
}
