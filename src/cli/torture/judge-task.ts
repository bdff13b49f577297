import type { TaskHistory } from '../../app/file-tools.js';
import { formatInstant } from '../../domain/instant.js';
import { isFinished } from '../../domain/task-status.js';
import type { Executions } from './executions.js';
import type { BreachName, Findings } from './findings.js';
import { Replay } from './replay.js';
import type { Sighting } from './watcher.js';

export interface TaskEvidence {
  executions: Executions;
  sightings: ReadonlyMap<number, Sighting>;
}

type Problem = [BreachName, string];

/** More executions than claims that were committed, in all or of one attempt. */
function overruns({ task }: TaskHistory, replay: Replay, executions: Executions): Problem[] {
  const byAttempt = [...executions.of(task.id)];
  const started = byAttempt.reduce((sum, [, attempt]) => sum + attempt.started, 0);
  const allowed = task.attempts + replay.uncounted;
  const tooMany = byAttempt.filter(([attempt, { started }]) => started > (replay.claims.get(attempt) ?? 0));
  return [
    ...(started > allowed
      ? [['overrun', `task ${task.id}: executed ${started} times, allowed were ${allowed}`] as Problem]
      : []),
    ...tooMany.map(
      ([attempt, { started }]): Problem => [
        'overrun',
        `task ${task.id}: attempt ${attempt} was executed ${started} times, claimed ${replay.claims.get(attempt) ?? 0} times`,
      ],
    ),
  ];
}

/** A completed task was completed by its last attempt, whose handler had returned. */
function wrongOwner({ task }: TaskHistory, executions: Executions): Problem[] {
  if (task.status !== 'completed') return [];
  const { attempt } = JSON.parse(task.result ?? '{}') as { attempt?: number };
  const returned = attempt !== undefined && (executions.of(task.id).get(attempt)?.returned ?? 0) > 0;
  if (attempt === task.attempts && returned) return [];
  return [
    [
      'superseded',
      `task ${task.id}: completed in attempt ${task.attempts} with what attempt ${attempt} returned`,
    ],
  ];
}

function changedAfterwards({ task }: TaskHistory, replay: Replay, sighting: Sighting | undefined): Problem[] {
  if (!sighting || replay.retried) return [];
  const finishedAt = task.finishedAt === null ? 'never' : formatInstant(task.finishedAt);
  if (sighting.status === task.status && sighting.finishedAt === finishedAt) return [];
  const [then, now] = [`${sighting.status} at ${sighting.finishedAt}`, `${task.status} at ${finishedAt}`];
  return [['settled_twice', `task ${task.id}: a client saw it ${then}, in the end it is ${now}`]];
}

/** Holds one task against what was written down about it; each kind of fault counts once. */
export function judgeTask(history: TaskHistory, evidence: TaskEvidence, findings: Findings): void {
  const { task } = history;
  const replay = new Replay(history);
  const stuck: Problem[] = isFinished(task.status)
    ? []
    : [['stuck', `task ${task.id}: ${task.status} after ${task.attempts} of ${task.maxAttempts} attempts`]];
  const problems = new Map([
    ...changedAfterwards(history, replay, evidence.sightings.get(task.id)),
    ...wrongOwner(history, evidence.executions),
    ...overruns(history, replay, evidence.executions),
    ...replay.problems,
    ...stuck,
  ]);
  for (const [name, detail] of problems) findings.add(name, detail);
}
