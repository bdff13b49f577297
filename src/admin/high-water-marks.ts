import type { SqliteClient } from '../db/sqlite/connection.js';
import { saysDamaged } from '../db/sqlite/errors.js';

/** How far a queue has come in what it gives out only once. */
export interface HighWaterMarks {
  /** The last revision: every `ETag`, cursor and event id is one. */
  revision: number;
  /** The highest id of a task so far. */
  taskId: number;
}

const numberFrom = (client: SqliteClient, sql: string): number =>
  Number(client.prepare(sql).pluck().get() ?? 0);

/** The marks of a queue; null where the file has none that could be read. */
export function readMarks(client: SqliteClient): HighWaterMarks | null {
  try {
    return {
      revision: numberFrom(client, 'select revision from queue_state where id = 1'),
      taskId: numberFrom(client, "select seq from sqlite_sequence where name = 'tasks'"),
    };
  } catch (error) {
    // A file without these tables has no queue in it.
    if (saysDamaged(error) || (error as { code?: unknown }).code === 'SQLITE_ERROR') return null;
    throw error;
  }
}

/** By how much a restored queue goes beyond the revision of the one that it replaces. */
const REVISION_MARGIN = 1_000_000;

/**
 * The same where nobody can say how far the replaced queue has come: more than a queue can do between a backup and the
 * next, and yet so little that there is room for thousands of such leaps.
 */
const UNKNOWN_LEAP: HighWaterMarks = { revision: 1e12, taskId: 1e9 };

/** Where a restored queue goes on, so that nothing it gives out was ever given out for something else. */
export function nextMarks(backup: HighWaterMarks, replaced: HighWaterMarks | null): HighWaterMarks {
  if (replaced) {
    return {
      revision: Math.max(backup.revision, replaced.revision) + REVISION_MARGIN,
      taskId: Math.max(backup.taskId, replaced.taskId),
    };
  }
  return {
    revision: backup.revision + UNKNOWN_LEAP.revision,
    taskId: backup.taskId + UNKNOWN_LEAP.taskId,
  };
}

/**
 * Has a queue go on from these marks. Every task becomes a change that is newer than all before: whoever follows the queue,
 * with a cursor from whichever time, is told of each as it now is, and no tag that was given out names a state of now.
 */
export function setMarks(client: SqliteClient, { revision, taskId }: HighWaterMarks): void {
  client.transaction(() => {
    const first = numberFrom(client, 'select min(revision) from tasks');
    client.prepare('update tasks set revision = revision + ?').run(revision - first);
    client
      .prepare(
        'update queue_state set revision = max(?, (select coalesce(max(revision), 0) from tasks)) where id = 1',
      )
      .run(revision);
    client.prepare("delete from sqlite_sequence where name = 'tasks'").run();
    client.prepare("insert into sqlite_sequence (name, seq) values ('tasks', ?)").run(taskId);
  })();
}
