import type { Monotonic } from '../domain/monotonic.js';
import { type FinishedStatus, type LiveStatus, type Retention, rulesOf } from '../domain/retention.js';
import type { RetentionRepository } from '../repositories/retention-repository.js';
import { RetentionWalk, type WalkOn } from './retention-walk.js';

/** Tasks looked at, or entries deleted, in one transaction: a few milliseconds, which nobody notices. */
const BATCH = 100;

const FINISHED: FinishedStatus[] = ['completed', 'failed'];
const LIVE: LiveStatus[] = ['queued', 'processing'];

/** One small step of something; resolves to whether another one is worthwhile at once. */
export type Chore = () => Promise<boolean>;

function walksOf(repository: RetentionRepository, retention: Retention): WalkOn[] {
  const limit = BATCH;
  const ofTasks = FINISHED.flatMap((status) =>
    rulesOf(retention, `${status}Ms` as const).map(
      (rule): WalkOn =>
        (after) =>
          repository.pruneTasks({ status, rule, after, limit }),
    ),
  );
  const ofLogs = rulesOf(retention, 'logsMs').flatMap((rule): WalkOn[] => [
    ...FINISHED.map(
      (status): WalkOn =>
        (after) =>
          repository.pruneLogsOfFinished({ status, rule, after, limit }),
    ),
    ...LIVE.map(
      (status): WalkOn =>
        (after) =>
          repository.pruneLogsOfLive({ status, rule, after, limit }),
    ),
  ]);
  return [...ofTasks, ...ofLogs];
}

/** Everything that is to be done again and again so that nothing is kept longer than it should be. */
export function pruningChores(
  repository: RetentionRepository,
  retention: Retention,
  monotonic: Monotonic,
): Chore[] {
  const { auditMs } = retention;
  const walks = walksOf(repository, retention).map((walkOn) => new RetentionWalk(walkOn, monotonic));
  return [
    ...walks.map((walk) => () => walk.step()),
    async () => auditMs !== null && (await repository.pruneAudit(auditMs, BATCH)) === BATCH,
    async () => {
      await repository.pruneCounts();
      return false;
    },
    () => repository.giveSpaceBack(),
  ];
}
