import type { Retention } from '../../src/domain/retention.js';
import type { RetentionRepository } from '../../src/repositories/retention-repository.js';
import { Pruner } from '../../src/worker/pruner.js';
import { memoryLogger } from './memory-logger.js';

/** Keeps everything for ever; a test says what it wants deleted. */
export const KEPT: Retention = { completedMs: null, failedMs: null, logsMs: null, auditMs: null, types: {} };

/** A pruner that a test steps. */
export const newPruner = (
  repository: RetentionRepository,
  kept: Partial<Retention>,
  monotonic?: () => number,
): Pruner => new Pruner(repository, { ...KEPT, ...kept }, memoryLogger(), monotonic);

/** Looks until there is nothing more to do at once; resolves to how many looks that took. */
export async function pruneAll(pruner: Pruner): Promise<number> {
  for (let looks = 1; ; looks++) if ((await pruner.look()) > 1_000) return looks;
}
