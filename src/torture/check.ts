import { auditDatabase, readHistories, type TaskHistory } from '../admin/file-tools.js';
import { formatInstant } from '../core/instant.js';
import { isFinished, type TaskStatus } from '../core/task.js';
import { LOGGED_AS, loggedEvent } from '../core/task-log.js';
import { canTransition, type TaskTransitionEvent } from '../core/transitions.js';
import type { Executions } from './executions.js';
import type { FinishedState, RequestLedger } from './observations.js';
import { attemptNamedIn } from './task-requests.js';
import { type Violation, ViolationList, type ViolationName } from './violations.js';

/** Everything observed during the run. */
export interface Observations extends TaskObservations {
  ledger: RequestLedger;
  /** Faults of the processes. */
  complaints: readonly string[];
}

/** Tasks by ending: `completed`, `failed: timeout`, …, or the status of an unfinished one. */
export type Endings = Record<string, number>;

export interface CheckReport {
  endings: Endings;
  violations: Violation[];
}

/** Compares a row with the replies to its client. Returns its key if the row is the acknowledged task. */
function checkRow({ task }: TaskHistory, ledger: RequestLedger, violations: ViolationList): string | null {
  const entry = ledger.find(task.idempotencyKey);
  if (!entry) violations.add('unasked', `task ${task.id} has the key ${task.idempotencyKey}`);
  else if (entry.refused)
    violations.add('refused_but_stored', `task ${task.id} (key ${task.idempotencyKey})`);
  return entry?.taskId === task.id ? task.idempotencyKey : null;
}

function checkLosses(found: ReadonlySet<string>, ledger: RequestLedger, violations: ViolationList): void {
  for (const [key, { taskId }] of ledger.entries()) {
    if (taskId === null || found.has(key)) continue;
    violations.add('lost', `task ${taskId} (key ${key}) was acknowledged, but is not in the database`);
  }
}

/** A completion overwritten by a later one is in no log; the history has counted both. */
function checkCompletions(counted: number, logged: number, violations: ViolationList): void {
  if (counted === logged) return;
  violations.add('settled_twice', `${counted} completions were counted, the tasks show ${logged}`);
}

function checkTasks(
  file: string,
  observations: Observations,
  completions: number,
  violations: ViolationList,
): Endings {
  const found = new Set<string>();
  const endings: Endings = {};
  let logged = 0;
  for (const history of readHistories(file)) {
    const { status, failureReason } = history.task;
    const ending = failureReason ? `${status}: ${failureReason}` : status;
    endings[ending] = (endings[ending] ?? 0) + 1;
    const key = checkRow(history, observations.ledger, violations);
    if (key !== null) found.add(key);
    logged += history.log.filter(({ message }) => loggedEvent(message) === 'complete').length;
    checkTask(history, observations, violations);
  }
  checkCompletions(completions, logged, violations);
  checkLosses(found, observations.ledger, violations);
  return endings;
}

/** Compares the database file, no longer in use, with the observations. */
export function checkDatabase(file: string, observations: Observations): CheckReport {
  const violations = new ViolationList();
  const { ledger, executions, complaints } = observations;
  if (ledger.acknowledgedIds.length === 0 || executions.total === 0) {
    violations.add(
      'nothing_ran',
      `${ledger.acknowledgedIds.length} acknowledged, ${executions.total} executed`,
    );
  }
  for (const complaint of complaints) violations.add('ended_by_itself', complaint);
  for (const complaint of ledger.complaints) violations.add('unexpected_reply', complaint);
  const { damage, miscounts, completions } = auditDatabase(file);
  for (const problem of damage) violations.add('damage', problem);
  for (const { counter, kept, counted } of miscounts) {
    violations.add('counters', `${counter}: kept ${kept}, counted ${counted}`);
  }
  // Rows of a damaged file prove nothing.
  const endings = damage.length > 0 ? {} : checkTasks(file, observations, completions, violations);
  return { endings, violations: violations.all };
}

export interface TaskObservations {
  executions: Executions;
  finishedStates: ReadonlyMap<number, FinishedState>;
}

type Problem = [ViolationName, string];

/** More executions than committed claims, in total or of one attempt. */
function overruns({ task }: TaskHistory, replay: Replay, executions: Executions): Problem[] {
  const byAttempt = [...executions.of(task.id)];
  const started = byAttempt.reduce((sum, [, attempt]) => sum + attempt.started, 0);
  const allowed = task.attempts + replay.uncounted;
  const tooMany = byAttempt.filter(([attempt, { started }]) => started > (replay.claims.get(attempt) ?? 0));
  return [
    ...(started > allowed
      ? [['overrun', `task ${task.id}: executed ${started} times, ${allowed} allowed`] as Problem]
      : []),
    ...tooMany.map(
      ([attempt, { started }]): Problem => [
        'overrun',
        `task ${task.id}: attempt ${attempt} was executed ${started} times, claimed ${replay.claims.get(attempt) ?? 0} times`,
      ],
    ),
  ];
}

/** A completed task must be completed by its last attempt, whose handler had returned. */
function wrongOwner({ task }: TaskHistory, executions: Executions): Problem[] {
  if (task.status !== 'completed') return [];
  const { attempt } = JSON.parse(task.result ?? '{}') as { attempt?: number };
  const returned = attempt !== undefined && (executions.of(task.id).get(attempt)?.returned ?? 0) > 0;
  if (attempt === task.attempts && returned) return [];
  return [
    [
      'superseded',
      `task ${task.id}: completed in attempt ${task.attempts} with the result of attempt ${attempt}`,
    ],
  ];
}

function changedAfterwards(
  { task }: TaskHistory,
  replay: Replay,
  seen: FinishedState | undefined,
): Problem[] {
  if (!seen || replay.retried) return [];
  const finishedAt = task.finishedAt === null ? 'never' : formatInstant(task.finishedAt);
  if (seen.status === task.status && seen.finishedAt === finishedAt) return [];
  const [then, now] = [`${seen.status} at ${seen.finishedAt}`, `${task.status} at ${finishedAt}`];
  return [['settled_twice', `task ${task.id}: a client saw it ${then}, finally it is ${now}`]];
}

/** Compares a task with the observations; each kind of fault counts once. */
export function checkTask(
  history: TaskHistory,
  observations: TaskObservations,
  violations: ViolationList,
): void {
  const { task } = history;
  const replay = new Replay(history);
  const stuck: Problem[] = isFinished(task.status)
    ? []
    : [['stuck', `task ${task.id}: ${task.status} after ${task.attempts} of ${task.maxAttempts} attempts`]];
  const problems = new Map([
    ...changedAfterwards(history, replay, observations.finishedStates.get(task.id)),
    ...wrongOwner(history, observations.executions),
    ...overruns(history, replay, observations.executions),
    ...replay.problems,
    ...stuck,
  ]);
  for (const [name, detail] of problems) violations.add(name, detail);
}

type Entry = TaskHistory['log'][number];

/** Replays a task's log, transition by transition, and collects those that the state machine forbids. */
export class Replay {
  readonly problems: [ViolationName, string][] = [];
  /** Claims of each attempt number: more than one only after a release or a manual retry. */
  readonly claims = new Map<number, number>();
  /** Executions that the task's attempts no longer count: released, or from before a manual retry. */
  uncounted = 0;
  /** Queued again manually after it was finished. */
  retried = false;
  readonly #task: TaskHistory['task'];
  #status: TaskStatus = 'queued';
  #attempts = 0;

  constructor({ task, log }: TaskHistory) {
    this.#task = task;
    for (const entry of log) {
      const event = loggedEvent(entry.message);
      if (event) this.#apply(event, entry);
    }
    if (this.#status !== task.status || this.#attempts !== task.attempts) {
      this.#report(
        'log_differs',
        `the log ends ${this.#status} after ${this.#attempts} attempts, the row is ${task.status} after ${task.attempts}`,
      );
    }
  }

  #apply(event: TaskTransitionEvent, entry: Entry): void {
    const to = this.#target(event, entry);
    if (!canTransition(event, this.#status, to)) {
      this.#report(
        event === 'claim' ? 'owned_twice' : 'settled_twice',
        `"${entry.message}" while it was ${this.#status}`,
      );
    }
    this.#status = to;
    if (event === 'claim') this.#claim(entry);
    if (event === 'release') {
      this.#attempts -= 1;
      this.uncounted += 1;
    }
    if (event === 'retry') {
      this.uncounted += this.#attempts;
      this.#attempts = 0;
      this.retried = true;
    }
    const named = attemptNamedIn(entry.message);
    if (named !== null && named !== entry.attempt) {
      this.#report('superseded', `attempt ${named} failed it while attempt ${entry.attempt} was running`);
    }
  }

  #claim({ attempt }: Entry): void {
    if (attempt !== this.#attempts + 1) {
      this.#report('overrun', `attempt ${attempt} began after ${this.#attempts}`);
    }
    this.#attempts = attempt;
    this.claims.set(attempt, (this.claims.get(attempt) ?? 0) + 1);
  }

  #target(event: TaskTransitionEvent, { message }: Entry): TaskStatus {
    switch (event) {
      case 'claim':
        return 'processing';
      case 'complete':
        return 'completed';
      case 'fail':
        return message.startsWith(LOGGED_AS.willBeRetried) ? 'queued' : 'failed';
      case 'expire':
        return this.#attempts < this.#task.maxAttempts ? 'queued' : 'failed';
      case 'cancel':
        return 'failed';
      default:
        return 'queued';
    }
  }

  #report(name: ViolationName, what: string): void {
    this.problems.push([name, `task ${this.#task.id}: ${what}`]);
  }
}
