import type { SqliteClient } from '../db/sqlite/connection.js';
import { isCorruptionError } from '../db/sqlite/errors.js';

/** The highest values of a queue's sequences, whose values are never reused. */
export interface HighWaterMarks {
  /** The last revision, which is used as `ETag`, cursor and event id. */
  revision: number;
  /** The highest id of a task so far. */
  taskId: number;
}

const numberFrom = (client: SqliteClient, sql: string): number =>
  Number(client.prepare(sql).pluck().get() ?? 0);

/** The marks of a queue; null if none can be read. */
export function readMarks(client: SqliteClient): HighWaterMarks | null {
  try {
    return {
      revision: numberFrom(client, 'select revision from queue_state where id = 1'),
      taskId: numberFrom(client, "select seq from sqlite_sequence where name = 'tasks'"),
    };
  } catch (error) {
    // Without these tables there is no queue.
    if (isCorruptionError(error) || (error as { code?: unknown }).code === 'SQLITE_ERROR') return null;
    throw error;
  }
}

/** The distance of a restored queue's revision from that of the replaced one. */
const REVISION_MARGIN = 1_000_000;

/**
 * The same if the replaced queue's marks are unknown: more than a queue can use between two backups, yet small enough
 * for thousands of such leaps.
 */
const UNKNOWN_LEAP: HighWaterMarks = { revision: 1e12, taskId: 1e9 };

/** The first values of a restored queue, beyond all that were ever used. */
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
 * Continues a queue from these marks. Every task gets a revision newer than all before: any old cursor leads to the
 * current state of every task, and no old tag matches a current state.
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
