import type { ServerResponse } from 'node:http';
import { formatInstant } from '../domain/instant.js';
import type { AuditEntry, AuditLogRepository } from '../repositories/audit-log-repository.js';
import type { Mounted } from './mounted.js';
import { PagedList } from './paged-list.js';
import { sendJson } from './send-json.js';

interface AuditListQuery {
  task_id?: number;
  actor?: string;
  action?: string;
  limit: number;
  cursor?: string;
}

const auditEntryResource = (entry: AuditEntry) => ({
  audit_id: entry.id,
  at_utc: formatInstant(entry.at),
  actor: entry.name,
  address: entry.address,
  request_id: entry.requestId,
  action: entry.action,
  task_id: entry.taskId,
  outcome: entry.outcome,
  details: entry.details === null ? null : JSON.parse(entry.details),
});

/** Who changed what, for administrators. There is no way to change or delete it here. */
export class AuditLogController {
  readonly #log: AuditLogRepository;

  constructor(log: AuditLogRepository) {
    this.#log = log;
  }

  list = async (
    { query, baseUrl = '' }: { query: AuditListQuery } & Mounted,
    res: ServerResponse,
  ): Promise<void> => {
    const { task_id, actor, action, limit, cursor } = query;
    const list = new PagedList('/api/audit', { task_id: task_id?.toString(), actor, action });
    const { entries, nextBeforeId } = await this.#log.list({
      taskId: task_id,
      actor,
      action,
      limit,
      beforeId: list.positionOf(cursor),
    });
    if (nextBeforeId !== null) res.setHeader('Link', list.nextLink(baseUrl, limit, nextBeforeId));
    sendJson(res, 200, JSON.stringify(entries.map(auditEntryResource)));
  };
}
