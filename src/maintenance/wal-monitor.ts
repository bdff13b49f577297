import type { Logger } from 'pino';
import type { CheckpointStarvation, StorageFile } from '../repositories/storage.js';

/** Size from which on a warning is logged. */
const LARGE_BYTES = 50_000_000;

const CHECK_INTERVAL_MS = 30_000;

/** Checks after which the warning is repeated. */
const REPEAT_WARNING_AFTER = 20;

const namesOf = ({ readers }: CheckpointStarvation): string =>
  readers?.join(', ') ?? 'a long-running reader, which cannot be identified on this system';

/** Warns if readers keep the write-ahead log from being put into the database, with their names. */
export class WalMonitor {
  readonly #file: Pick<StorageFile, 'checkpointStarved'>;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  /** Checks since the last warning; null while there is no problem. */
  #ticksSinceWarning: number | null = null;

  constructor(file: Pick<StorageFile, 'checkpointStarved'>, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#ticking = this.tick().catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'could not check the write-ahead log'),
      );
    }, CHECK_INTERVAL_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  async tick(): Promise<void> {
    const held = await this.#file.checkpointStarved(LARGE_BYTES);
    if (!held) {
      if (this.#ticksSinceWarning !== null) this.#logger.info('the write-ahead log is no longer held back');
      this.#ticksSinceWarning = null;
      return;
    }
    this.#ticksSinceWarning =
      this.#ticksSinceWarning === null || this.#ticksSinceWarning >= REPEAT_WARNING_AFTER
        ? 0
        : this.#ticksSinceWarning + 1;
    if (this.#ticksSinceWarning > 0) return;
    const megabytes = Math.round(held.bytes / 1e6);
    this.#logger.warn(
      { bytes: held.bytes, readers: held.readers },
      `${megabytes} MB of the write-ahead log cannot be put into the database: held back by ${namesOf(held)}`,
    );
  }
}
