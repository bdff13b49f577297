import type { Logger } from 'pino';
import type { Clock } from '../core/clock.js';
import type { BackupMaker } from '../repositories/storage.js';

/** Milliseconds between two checks of the time, and so its largest error after the machine has slept. */
const CHECK_INTERVAL_MS = 60_000;

/** Most milliseconds until a failed backup is tried again. */
const RETRY_MS = 300_000;

const HOUR_MS = 3_600_000;

/** Makes a backup whenever the newest one, of any process, is too old. */
export class BackupSchedule {
  readonly #maker: BackupMaker;
  readonly #everyMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(maker: BackupMaker, intervalHours: number, clock: Clock, logger: Logger) {
    this.#maker = maker;
    this.#everyMs = intervalHours * HOUR_MS;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#maker.stop();
  }

  async #tick(): Promise<void> {
    let pauseMs = CHECK_INTERVAL_MS;
    try {
      await this.#makeIfDue();
      // Another server may be making one.
      pauseMs = Math.min(CHECK_INTERVAL_MS, (await this.#restMs()) || this.#everyMs);
    } catch (error) {
      if (!this.#stopped) this.#logger.error({ err: error }, 'the backup failed, retrying');
      pauseMs = Math.min(RETRY_MS, this.#everyMs);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => this.#tick(), pauseMs).unref();
  }

  /** Milliseconds until the newest backup is too old. */
  async #restMs(): Promise<number> {
    const now = this.#clock.now();
    const newest = await this.#maker.newest(now);
    return newest === null ? 0 : Math.max(newest + this.#everyMs - now, 0);
  }

  async #makeIfDue(): Promise<void> {
    if ((await this.#restMs()) > 0) return;
    const started = performance.now();
    const backup = await this.#maker.make(this.#clock.now());
    if (!backup) return;
    const { file, tasks, bytes, removed } = backup;
    const ms = Math.round(performance.now() - started);
    this.#logger.info({ file, tasks, bytes, removed, ms }, 'made a backup');
  }
}
