import { desc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { auditEntries } from '../../db/sqlite/schema.js';
import type { AuditEntry, AuditLogRepository, AuditPage, AuditQuery } from '../audit-log-repository.js';
import { bound } from './bound.js';

/** Where a list begins that has no page before it. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Most entries that are looked at for one page: whoever asks for what is rare must not keep others waiting. */
const MOST_LOOKED_AT = 10_000;

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

function prepareLists({ db }: Connection) {
  const among = sql`(${bound('actor')} is null or ${auditEntries.actor} = ${bound('actor')})
    and (${bound('action')} is null or ${auditEntries.action} = ${bound('action')})`;
  const older = sql`${auditEntries.id} < ${bound('beforeId')}`;
  const newest = (where: ReturnType<typeof sql>) =>
    db
      .select(columns)
      .from(auditEntries)
      .where(where)
      .orderBy(desc(auditEntries.id))
      .limit(sql.placeholder('limit'))
      .prepare();
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
      const entries = this.#lists.ofTask.all({ limit: limit + 1, taskId, actor, action, beforeId });
      return pageOf(entries, limit, null);
    }
    const from = Math.min(beforeId, (this.#latestId.get() as number) + 1);
    const afterId = from - 1 - MOST_LOOKED_AT;
    const entries = this.#lists.all.all({ limit: limit + 1, actor, action, beforeId: from, afterId });
    return pageOf(entries, limit, afterId > 0 ? afterId + 1 : null);
  }
}

/** `rest` is where to go on when the entries are all that was found as far as was looked. */
function pageOf(found: AuditEntry[], limit: number, rest: number | null): AuditPage {
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, nextBeforeId: found.length > limit && last ? last.id : rest };
}
