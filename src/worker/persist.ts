import { setTimeout as delay } from 'node:timers/promises';
import { OutcomeUnknown } from '../domain/outcome-unknown.js';
import { type ErrorCode, SpooliteError } from '../domain/spoolite-error.js';

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/** A file that was moved away may be put back, a disk mounted read-only be mended. */
const PASSING: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/** Tries of a write that fails for no known reason: it may pass, but need not. */
const UNEXPLAINED_TRIES = 10;

export interface PersistOptions {
  /** Aborted when nobody has the time any longer: the next failure is the last. */
  signal: AbortSignal;
  onRetry(error: SpooliteError): void;
}

function mayPass(error: unknown, tries: number): error is SpooliteError {
  if (!(error instanceof SpooliteError)) return false;
  // A settle that was stored succeeds a second time.
  if (error instanceof OutcomeUnknown) return true;
  if (error.code === 'INTERNAL_ERROR') return tries < UNEXPLAINED_TRIES;
  return PASSING.includes(error.code);
}

/**
 * Runs a write of a worker until it is stored or refused: what an attempt achieved must not be lost because the disk
 * was full or the file locked for a while. Rejects with what refused it for good (LEASE_LOST, …).
 */
export async function persist<T>(write: () => Promise<T>, { signal, onRetry }: PersistOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (signal.aborted || !mayPass(error, tries)) throw error;
      onRetry(error);
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (tries - 1), LONGEST_DELAY_MS);
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
