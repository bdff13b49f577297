import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SqliteClient } from './connection.js';

/** Pages of the write-ahead log after which it is checkpointed, roughly. */
const CHECKPOINT_PAGES = 1_000;

/** Pages that a transaction writes regardless of its tasks, and pages per task; measured, rounded up. */
const PAGES_PER_COMMIT = 14;
const PAGES_PER_TASK = 0.3;

/** Pages from which on the log is restarted, although that needs a moment without readers. */
const MANY_PAGES = 4 * CHECKPOINT_PAGES;

/** Milliseconds that writers wait for that moment. */
const RESTART_TIMEOUT_MS = 50;

/** SQLite's own checkpoint, in the middle of a commit: for errors of the estimate, and for other programs. */
const AUTOMATIC_PAGES = 2 * CHECKPOINT_PAGES;

/**
 * Checkpoints the write-ahead log between two commits, after the callers of the first are answered. SQLite's own
 * checkpoint runs inside a commit, where one caller in some dozens waits for several more fsyncs.
 */
export class Checkpointer {
  readonly #client: SqliteClient;
  #pages = 0;

  constructor(client: SqliteClient) {
    this.#client = client;
    client.pragma(`wal_autocheckpoint = ${AUTOMATIC_PAGES}`);
  }

  /** To be called after each commit. `weight` is the most tasks it may have changed. */
  committed(weight: number): void {
    this.#pages += PAGES_PER_COMMIT + weight * PAGES_PER_TASK;
    if (this.#pages < CHECKPOINT_PAGES) return;
    this.#pages = 0;
    try {
      this.#checkpoint();
    } catch {
      // The disk is full or the file is gone: the next commit reports it to its caller.
    }
  }

  #checkpoint(): void {
    // Passive: waits for nothing. The next one does the rest.
    const [{ log, checkpointed }] = this.#client.pragma('wal_checkpoint(PASSIVE)') as [WalStatus];
    // If more is left, there is a long-running reader, and waiting for it is of no use.
    if (log >= MANY_PAGES && log - checkpointed <= MANY_PAGES / 2) this.#restartWal();
  }

  /**
   * The log is written from its start again only while it has no readers, and with many readers that moment may never
   * come by itself. Here writers wait for it; readers do not: a read that begins now needs only the log's end.
   */
  #restartWal(): void {
    this.#client.pragma(`busy_timeout = ${RESTART_TIMEOUT_MS}`);
    try {
      this.#client.pragma('wal_checkpoint(RESTART)');
    } finally {
      this.#client.pragma('busy_timeout = 0');
    }
  }
}

/** SQLite's status of the write-ahead log: its pages, and how many of them are already in the database. */
export interface WalStatus {
  log: number;
  checkpointed: number;
}

/** Bytes of the write-ahead log that are not yet in the database. Not to be called within a transaction. */
export function uncheckpointedBytes(client: SqliteClient): number {
  const [{ log, checkpointed }] = client.pragma('wal_checkpoint(NOOP)') as [WalStatus];
  // Without such a log, both are -1.
  return Math.max(log - checkpointed, 0) * Number(client.pragma('page_size', { simple: true }));
}

/**
 * Samples, and milliseconds between them: a reader seen in each one is long-running, as an ordinary read takes less
 * than a millisecond.
 */
const SAMPLES = 4;
const BETWEEN_MS = 50;

type Sample = number[] | null;

function inEverySample(samples: readonly Sample[]): string[] | null {
  const [first = null, ...others] = samples;
  return first?.filter((pid) => others.every((sample) => sample?.includes(pid))).map(processName) ?? null;
}

/**
 * Names of the long-running readers of the file's write-ahead log; null if the system does not report them. Takes a
 * moment.
 */
export async function longRunningReaders(file: string): Promise<string[] | null> {
  const samples: Sample[] = [];
  while (samples.length < SAMPLES) {
    if (samples.length > 0) await pause(BETWEEN_MS);
    samples.push(walReaders(file));
  }
  return inEverySample(samples);
}

const sleepBuffer = new Int32Array(new SharedArrayBuffer(4));

/** The same for a thread that may block meanwhile. */
export function longRunningReadersSync(file: string): string[] | null {
  const samples: Sample[] = [];
  while (samples.length < SAMPLES) {
    if (samples.length > 0) Atomics.wait(sleepBuffer, 0, 0, BETWEEN_MS);
    samples.push(walReaders(file));
  }
  return inEverySample(samples);
}

/** Bytes of the `-shm` file that are the readers' locks: https://www.sqlite.org/walformat.html */
const FIRST_READ_BYTE = 123;
const LAST_READ_BYTE = 127;

/** A line of /proc/locks that holds a lock: `1: POSIX  ADVISORY  READ 4711 fd:01:1835012 124 124`. */
const LOCK = /^\d+: +POSIX +\S+ +READ +(\d+) +[\da-f]+:[\da-f]+:(\d+) +(\d+) +(\d+)$/gm;

/**
 * Ids of the processes that read from the file's write-ahead log at this moment; null if the system does not report
 * them (only Linux does). The `-shm` file must not be opened for this: closing it would drop this process's own locks.
 */
export function walReaders(file: string): number[] | null {
  try {
    const { ino } = statSync(`${file}-shm`, { bigint: true });
    const locks = [...readFileSync('/proc/locks', 'latin1').matchAll(LOCK)];
    const reading = locks.filter(
      ([, , inode, first, last]) =>
        inode === String(ino) && Number(first) <= LAST_READ_BYTE && Number(last) >= FIRST_READ_BYTE,
    );
    return [...new Set(reading.map(([, pid]) => Number(pid)))];
  } catch {
    return null;
  }
}

/** A name without folders: `/usr/bin/python3 /srv/report.py` → `python3 report.py`. */
const shortName = ([program = '', ...args]: string[]): string =>
  [program, ...args.filter((arg) => !arg.startsWith('-')).slice(0, 1)]
    .map((part) => basename(part))
    .join(' ')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 80);

/** A readable name of a process: its command and id. */
export function processName(pid: number): string {
  if (pid === process.pid) return `this program itself (process ${pid})`;
  try {
    const name = shortName(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean));
    if (name !== '') return `${name} (process ${pid})`;
  } catch {
    // It has ended, or is in another container.
  }
  return pid > 0 ? `process ${pid}` : 'a process of another container';
}
