import { beforeEach, describe, expect, test } from '@jest/globals';
import type Database from 'better-sqlite3';
import { TASK_LIMITS } from '../../src/core/limits.js';
import { FAILURE_REASONS, TASK_STATUSES, type TaskStatus } from '../../src/core/task.js';
import { LOG_LEVELS } from '../../src/core/task-log.js';
import { openForWriting } from '../../src/db/sqlite/connection.js';
import { migrate } from '../../src/db/sqlite/migrate.js';
import { onTestEnd } from '../support/cleanup.js';

type Row = Record<string, string | number | null>;

let client: Database.Database;

beforeEach(() => {
  ({ client } = openForWriting(':memory:', 'normal'));
  migrate(client);
  onTestEnd(() => client.close());
});

function insert(table: string, row: Row): void {
  const names = Object.keys(row);
  client
    .prepare(`insert into ${table} (${names.join()}) values (${names.map((name) => `@${name}`).join()})`)
    .run(row);
}

let revision = 0;

const COMMON = {
  type: 'mail',
  priority: 100,
  attempts: 0,
  max_attempts: 5,
  payload: '{}',
  compatibility: '{}',
};
const TIMES = { created_at: 1, updated_at: 1, run_after: 1 };

/** A row as it must be in each status. */
const ROWS: Record<TaskStatus, Row> = {
  queued: { status: 'queued', due: 1 },
  processing: {
    status: 'processing',
    lease_token: 't',
    lease_until: 2,
    lease_ms: 1,
    locked_by: 'w',
    attempts: 1,
  },
  completed: { status: 'completed', finished_at: 2 },
  failed: { status: 'failed', finished_at: 2, failure_reason: 'error' },
};

const insertTask = (status: TaskStatus, difference: Row = {}) =>
  insert('tasks', { ...COMMON, ...TIMES, revision: ++revision, ...ROWS[status], ...difference });

describe('the schema accepts', () => {
  test.each(TASK_STATUSES)('a %s task', (status) => insertTask(status));

  test.each(FAILURE_REASONS)('a task that failed for reason %s', (failure_reason) =>
    insertTask('failed', { failure_reason }),
  );

  test('what is at the limits', () => {
    const { priority, maxAttempts, nameLength } = TASK_LIMITS;
    insertTask('queued', { priority: priority.min, max_attempts: maxAttempts.min, type: 'x' });
    insertTask('queued', { priority: priority.max, max_attempts: maxAttempts.max });
    insertTask('queued', { type: '🧵'.repeat(nameLength) });
    insertTask('completed', { attempts: 5, progress: 100 });
    insertTask('queued', { due: 0, progress: 0 });
  });

  test.each(LOG_LEVELS)('a log entry of level %s', (level) => {
    insertTask('queued', { id: 1 });
    insert('task_logs', { id: 1, task_id: 1, at: 1, level, message: '', attempt: 0 });
  });
});

describe('the schema refuses', () => {
  test.each<[string, TaskStatus, Row, string]>([
    ['another status', 'queued', { status: 'running', due: null }, 'tasks_status'],
    ['a queued task that says nothing of being due', 'queued', { due: null }, 'tasks_due'],
    ['a queued task that is due otherwise than yes or no', 'queued', { due: 2 }, 'tasks_due'],
    ['a finished task that is due', 'completed', { due: 0 }, 'tasks_due'],
    ['a processing task without a token', 'processing', { lease_token: null }, 'tasks_owned'],
    ['a processing task without an end of its lease', 'processing', { lease_until: null }, 'tasks_owned'],
    ['a processing task without the length of its lease', 'processing', { lease_ms: null }, 'tasks_owned'],
    ['a processing task without a worker', 'processing', { locked_by: null }, 'tasks_owned'],
    [
      'a queued task that is owned',
      'queued',
      { lease_token: 't', lease_until: 2, lease_ms: 1, locked_by: 'w' },
      'tasks_owned',
    ],
    [
      'a finished task that is owned',
      'failed',
      { lease_token: 't', lease_until: 2, lease_ms: 1, locked_by: 'w' },
      'tasks_owned',
    ],
    ['a finished task without an end', 'completed', { finished_at: null }, 'tasks_finished'],
    ['a queued task with an end', 'queued', { finished_at: 1 }, 'tasks_finished'],
    ['a failed task without a reason', 'failed', { failure_reason: null }, 'tasks_failed'],
    ['a completed task with a reason', 'completed', { failure_reason: 'error' }, 'tasks_failed'],
    ['another reason', 'failed', { failure_reason: 'bad luck' }, 'tasks_failure_reason'],
    ['priority 0', 'queued', { priority: 0 }, 'tasks_priority'],
    ['priority 1001', 'queued', { priority: 1001 }, 'tasks_priority'],
    ['no attempts at all', 'queued', { max_attempts: 0 }, 'tasks_max_attempts'],
    ['11 attempts', 'queued', { max_attempts: 11 }, 'tasks_max_attempts'],
    ['more attempts than allowed', 'completed', { attempts: 6 }, 'tasks_attempts'],
    ['attempts below 0', 'queued', { attempts: -1 }, 'tasks_attempts'],
    ['progress over 100', 'completed', { progress: 100.1 }, 'tasks_progress'],
    ['progress below 0', 'completed', { progress: -0.1 }, 'tasks_progress'],
    ['no type', 'queued', { type: '' }, 'tasks_type'],
    ['a type that is too long', 'queued', { type: 'x'.repeat(201) }, 'tasks_type'],
  ])('%s', (_, status, difference, constraint) => {
    expect(() => insertTask(status, difference)).toThrow(`CHECK constraint failed: ${constraint}`);
  });

  test('a revision or a key that is there already', () => {
    insertTask('queued', { revision: 1_000_000, idempotency_key: 'k' });
    expect(() => insertTask('queued', { revision: 1_000_000 })).toThrow(/UNIQUE/);
    expect(() => insertTask('queued', { idempotency_key: 'k' })).toThrow(/UNIQUE/);
  });

  test('a log entry of another level, or of no task', () => {
    insertTask('queued', { id: 1 });
    const entry = { id: 1, task_id: 1, at: 1, level: 'info', message: '', attempt: 0 };
    expect(() => insert('task_logs', { ...entry, level: 'fatal' })).toThrow(/task_logs_level/);
    expect(() => insert('task_logs', { ...entry, task_id: 2 })).toThrow(/FOREIGN KEY/);
  });

  test('a second row of facts about the queue, and counts below 0', () => {
    expect(() => insert('queue_state', { id: 2 })).toThrow(/queue_state_single/);
    expect(() => client.exec('update queue_state set queued = -1')).toThrow(/queue_state_counts/);
    expect(() => insert('lanes', { type: 'a', priority: 1, compatibility: '{}', due: -1 })).toThrow(
      /lanes_due/,
    );
  });
});
