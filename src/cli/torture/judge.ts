import { auditDatabase, readHistories, type TaskHistory } from '../../app/file-tools.js';
import { loggedEvent } from '../../domain/transition-log.js';
import { type Breach, Findings } from './findings.js';
import { judgeTask, type TaskEvidence } from './judge-task.js';
import type { Ledger } from './ledger.js';

/** What was written down while the queue was tortured. */
export interface Evidence extends TaskEvidence {
  ledger: Ledger;
  /** What processes did that they should not. */
  complaints: readonly string[];
}

/** Tasks by how they ended: `completed`, `failed: timeout`, …, and the statuses of what is not finished. */
export type Endings = Record<string, number>;

export interface Verdict {
  endings: Endings;
  breaches: Breach[];
}

/** Holds a row against what its client was told. Returns its key when the row is the task that was acknowledged. */
function judgeRow({ task }: TaskHistory, ledger: Ledger, findings: Findings): string | null {
  const entry = ledger.find(task.idempotencyKey);
  if (!entry) findings.add('unasked', `task ${task.id} has the key ${task.idempotencyKey}`);
  else if (entry.refused) findings.add('refused_but_stored', `task ${task.id} (key ${task.idempotencyKey})`);
  return entry?.taskId === task.id ? task.idempotencyKey : null;
}

function judgeLosses(found: ReadonlySet<string>, ledger: Ledger, findings: Findings): void {
  for (const [key, { taskId }] of ledger.entries()) {
    if (taskId === null || found.has(key)) continue;
    findings.add('lost', `task ${taskId} (key ${key}) was acknowledged, and is not in the database`);
  }
}

/** A completion that a later one wrote over is in no log any more; the history has counted both. */
function judgeCompletions(counted: number, told: number, findings: Findings): void {
  if (counted === told) return;
  findings.add('settled_twice', `${counted} completions were counted, the tasks tell of ${told}`);
}

function judgeTasks(file: string, evidence: Evidence, completions: number, findings: Findings): Endings {
  const found = new Set<string>();
  const endings: Endings = {};
  let told = 0;
  for (const history of readHistories(file)) {
    const { status, failureReason } = history.task;
    const ending = failureReason ? `${status}: ${failureReason}` : status;
    endings[ending] = (endings[ending] ?? 0) + 1;
    const key = judgeRow(history, evidence.ledger, findings);
    if (key !== null) found.add(key);
    told += history.log.filter(({ message }) => loggedEvent(message) === 'complete').length;
    judgeTask(history, evidence, findings);
  }
  judgeCompletions(completions, told, findings);
  judgeLosses(found, evidence.ledger, findings);
  return endings;
}

/** Holds the database file, which nobody uses any more, against the evidence. */
export function judge(file: string, evidence: Evidence): Verdict {
  const findings = new Findings();
  const { ledger, executions, complaints } = evidence;
  if (ledger.acknowledgedIds.length === 0 || executions.total === 0) {
    findings.add(
      'nothing_ran',
      `${ledger.acknowledgedIds.length} acknowledged, ${executions.total} executed`,
    );
  }
  for (const complaint of complaints) findings.add('ended_by_itself', complaint);
  for (const complaint of ledger.complaints) findings.add('unexpected_reply', complaint);
  const { damage, miscounts, completions } = auditDatabase(file);
  for (const problem of damage) findings.add('damage', problem);
  for (const { counter, kept, counted } of miscounts) {
    findings.add('counters', `${counter}: kept ${kept}, counted ${counted}`);
  }
  // Rows of a damaged file prove nothing.
  const endings = damage.length > 0 ? {} : judgeTasks(file, evidence, completions, findings);
  return { endings, breaches: findings.breaches };
}
