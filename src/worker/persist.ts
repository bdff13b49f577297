import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, SpooliteError } from '../domain/spoolite-error.js';

const PASSING: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'INTERNAL_ERROR'];

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/**
 * Runs a write of a worker until it is stored or refused: what an attempt achieved must not be lost because the disk
 * was full or the file locked for a while. Rejects with what refused it (LEASE_LOST, NOT_READY, …).
 */
export async function persist<T>(
  write: () => Promise<T>,
  onRetry: (error: SpooliteError) => void,
): Promise<T> {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof SpooliteError && PASSING.includes(error.code))) throw error;
      onRetry(error);
      await delay(delayMs);
    }
  }
}
