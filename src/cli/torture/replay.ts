import type { TaskHistory } from '../../app/file-tools.js';
import type { TaskStatus } from '../../domain/task-status.js';
import { LOGGED_AS, loggedEvent } from '../../domain/transition-log.js';
import { canTransition, type TaskEvent } from '../../domain/transitions.js';
import { attemptNamedIn } from './behaviour.js';
import type { BreachName } from './findings.js';

type Entry = TaskHistory['log'][number];

/** Lives a task's log through again, transition by transition, and notices those that the state machine forbids. */
export class Replay {
  readonly problems: [BreachName, string][] = [];
  /** How often each attempt number was claimed: more than once only after a release or a manual retry. */
  readonly claims = new Map<number, number>();
  /** Executions that the task's attempts no longer count: given back, or from before a manual retry. */
  uncounted = 0;
  /** Queued again by hand after it was finished. */
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
        `the log ends ${this.#status} after ${this.#attempts} attempts, the row says ${task.status} after ${task.attempts}`,
      );
    }
  }

  #apply(event: TaskEvent, entry: Entry): void {
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
      this.#report('superseded', `attempt ${named} failed it while attempt ${entry.attempt} was under way`);
    }
  }

  #claim({ attempt }: Entry): void {
    if (attempt !== this.#attempts + 1) {
      this.#report('overrun', `attempt ${attempt} began after ${this.#attempts}`);
    }
    this.#attempts = attempt;
    this.claims.set(attempt, (this.claims.get(attempt) ?? 0) + 1);
  }

  #target(event: TaskEvent, { message }: Entry): TaskStatus {
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

  #report(name: BreachName, what: string): void {
    this.problems.push([name, `task ${this.#task.id}: ${what}`]);
  }
}
