import type { Backup } from './copies.js';

/** Makes the backups that a server is to make by itself. */
export interface BackupMaker {
  /** When the newest was made that is there, in milliseconds since 1970 UTC; null where there is none. */
  newest(now: number): number | null;
  /**
   * Makes one, without keeping this process from its work; null where another server on the file has just made it or is
   * about to. `now` is the time of its name.
   */
  make(now: number): Promise<Backup | null>;
  /** Gives up what is being made. */
  stop(): Promise<void>;
}
