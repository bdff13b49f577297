import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SqliteClient } from './connection.js';

/** Pages of the write-ahead log after which they are put into the database, about. */
const CHECKPOINT_PAGES = 1_000;

/** Pages that a transaction writes whatever it is about, and for each task it is about; measured, rounded up. */
const PAGES_PER_COMMIT = 14;
const PAGES_PER_TASK = 0.3;

/** Pages from which on the log is begun anew, although that takes a moment without readers. */
const MANY_PAGES = 4 * CHECKPOINT_PAGES;

/** Milliseconds that writers wait for that moment. */
const RESTART_TIMEOUT_MS = 50;

/** Where SQLite does it by itself, in the midst of a commit: for what the estimate misses, and for other programs. */
const AUTOMATIC_PAGES = 2 * CHECKPOINT_PAGES;

/**
 * Moves what the write-ahead log holds into the database between two commits, once those who wait for the first have their
 * answer. SQLite left to itself does it inside a commit, and one caller in some dozens waits for several fsyncs more.
 */
export class Checkpointer {
  readonly #client: SqliteClient;
  #pages = 0;

  constructor(client: SqliteClient) {
    this.#client = client;
    client.pragma(`wal_autocheckpoint = ${AUTOMATIC_PAGES}`);
  }

  /** To be called after each commit. `weight` is how many tasks it was about, at most. */
  committed(weight: number): void {
    this.#pages += PAGES_PER_COMMIT + weight * PAGES_PER_TASK;
    if (this.#pages < CHECKPOINT_PAGES) return;
    this.#pages = 0;
    try {
      this.#checkpoint();
    } catch {
      // The disk is full or the file is gone: the next commit will say so to whoever asks for it.
    }
  }

  #checkpoint(): void {
    // Passive: waits for nobody. What it cannot do now, the next one does.
    const [{ log, checkpointed }] = this.#client.pragma('wal_checkpoint(PASSIVE)') as [WalStatus];
    // Where more is left, somebody reads for long, and it is no use to wait for him.
    if (log >= MANY_PAGES && log - checkpointed <= MANY_PAGES / 2) this.#restartWal();
  }

  /**
   * The log is written from its beginning again only when nobody reads from it, and with many readers that moment may never
   * come by itself. Here writers wait for it; readers do not: who begins to read now needs nothing of the log but its end.
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

/** What SQLite tells of the write-ahead log: its pages, and how many of them are in the database already. */
export interface WalStatus {
  log: number;
  checkpointed: number;
}

/** Bytes of the write-ahead log that are not in the database yet. Not to be asked within a transaction. */
export function uncheckpointedBytes(client: SqliteClient): number {
  const [{ log, checkpointed }] = client.pragma('wal_checkpoint(NOOP)') as [WalStatus];
  // A database without such a log has -1 of each.
  return Math.max(log - checkpointed, 0) * Number(client.pragma('page_size', { simple: true }));
}

/** Looks, and milliseconds between them: who is there each time reads for long, as an ordinary read takes no millisecond. */
const SAMPLES = 4;
const BETWEEN_MS = 50;

type Sample = number[] | null;

function inAll(looks: readonly Sample[]): string[] | null {
  const [first = null, ...others] = looks;
  return first?.filter((pid) => others.every((look) => look?.includes(pid))).map(processName) ?? null;
}

/**
 * Who reads from the file's write-ahead log without an end in sight, by name; null where the system does not tell. Takes a
 * moment.
 */
export async function longRunningReaders(file: string): Promise<string[] | null> {
  const looks: Sample[] = [];
  while (looks.length < SAMPLES) {
    if (looks.length > 0) await pause(BETWEEN_MS);
    looks.push(walReaders(file));
  }
  return inAll(looks);
}

const sleepBuffer = new Int32Array(new SharedArrayBuffer(4));

/** The same for a thread that may stand still meanwhile. */
export function longRunningReadersSync(file: string): string[] | null {
  const looks: Sample[] = [];
  while (looks.length < SAMPLES) {
    if (looks.length > 0) Atomics.wait(sleepBuffer, 0, 0, BETWEEN_MS);
    looks.push(walReaders(file));
  }
  return inAll(looks);
}

/** Bytes of the `-shm` file that stand for readers: https://www.sqlite.org/walformat.html */
const FIRST_READ_BYTE = 123;
const LAST_READ_BYTE = 127;

/** A line of /proc/locks that holds a lock: `1: POSIX  ADVISORY  READ 4711 fd:01:1835012 124 124`. */
const LOCK = /^\d+: +POSIX +\S+ +READ +(\d+) +[\da-f]+:[\da-f]+:(\d+) +(\d+) +(\d+)$/gm;

/**
 * Processes that read from the file's write-ahead log at this moment, by their ids; null where the system does not tell (only
 * Linux does). The `-shm` file must not be opened for this: closing it would take this process its own locks.
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

/** How people know a process: what it runs, and its id. */
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
