import { desc, sql } from 'drizzle-orm';
import { BYTE_LIMITS, takeWithin } from '../../core/limits.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { auditEntries } from '../../db/sqlite/schema.js';
import type { AuditEntry, AuditLogRepository, AuditPage, AuditQuery } from '../audit-log-repository.js';
import { bareRows, bound, rowMapper } from './rows.js';

/** The start of a list's first page. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Most entries looked at for one page: a search for rare ones must not delay other requests. */
const MAX_SCANNED = 10_000;

const columns = {
  id: auditEntries.id,
  at: auditEntries.at,
  name: auditEntries.actor,
  address: auditEntries.address,
  requestId: auditEntries.requestId,
  action: auditEntries.action,
  taskId: auditEntries.taskId,
  outcome: auditEntries.outcome,
  details: auditEntries.details,
};

const toEntries = rowMapper<AuditEntry>(columns);

function* entriesOf(rows: Iterable<unknown[]>): Iterable<AuditEntry> {
  for (const row of rows) yield* toEntries([row]);
}

function prepareLists(connection: Connection) {
  const among = sql`(${bound('actor')} is null or ${auditEntries.actor} = ${bound('actor')})
    and (${bound('action')} is null or ${auditEntries.action} = ${bound('action')})`;
  const older = sql`${auditEntries.id} < ${bound('beforeId')}`;
  const newest = (where: ReturnType<typeof sql>) =>
    bareRows(
      connection,
      connection.db
        .select(columns)
        .from(auditEntries)
        .where(where)
        .orderBy(desc(auditEntries.id))
        .limit(sql.placeholder('limit')),
    );
  return {
    all: newest(sql`${older} and ${auditEntries.id} > ${bound('afterId')} and ${among}`),
    ofTask: newest(sql`${auditEntries.taskId} = ${bound('taskId')} and ${older} and ${among}`),
  };
}

export class SqliteAuditLogRepository implements AuditLogRepository {
  readonly #lists;
  readonly #latestId;

  constructor(reader: Connection) {
    this.#lists = prepareLists(reader);
    this.#latestId = reader.client.prepare('select coalesce(max(id), 0) from audit_entries').pluck();
  }

  async list(query: AuditQuery): Promise<AuditPage> {
    const { limit, taskId = null, actor = null, action = null, beforeId = NEWEST } = query;
    if (taskId !== null) {
      const entries = this.#lists.ofTask.each({ limit: limit + 1, taskId, actor, action, beforeId });
      return pageOf(entries, limit, null);
    }
    const from = Math.min(beforeId, (this.#latestId.get() as number) + 1);
    const afterId = from - 1 - MAX_SCANNED;
    const entries = this.#lists.all.each({ limit: limit + 1, actor, action, beforeId: from, afterId });
    return pageOf(entries, limit, afterId > 0 ? afterId + 1 : null);
  }
}

/** `rest` is where to continue if the entries are all that was found in the part looked at. */
function pageOf(found: Iterable<unknown[]>, limit: number, rest: number | null): AuditPage {
  const within = { limit, characters: BYTE_LIMITS.page };
  const { taken, isCut } = takeWithin(entriesOf(found), ({ details }) => details?.length ?? 0, within);
  const last = taken.at(-1);
  return { entries: taken, nextBeforeId: isCut && last ? last.id : rest };
}
