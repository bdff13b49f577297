import type { ServerResponse } from 'node:http';
import { formatInstant } from '../domain/instant.js';
import type { AuditEntry, AuditLogRepository } from '../repositories/audit-log-repository.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import type { OwnUrls } from './own-urls.js';
import { PagedList } from './paged-list.js';

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
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(log: AuditLogRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#log = log;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async ({ query }: { query: AuditListQuery }, res: ServerResponse): Promise<void> => {
    const { task_id, actor, action, limit, cursor } = query;
    const list = new PagedList('/api/audit', { task_id: task_id?.toString(), actor, action });
    const beforeId = list.positionOf(cursor);
    await this.#budget.room(res);
    const { entries, nextBeforeId } = await this.#log.list({
      taskId: task_id,
      actor,
      action,
      limit,
      beforeId,
    });
    if (nextBeforeId !== null) this.#urls.linkToNext(res, list.pathAfter(nextBeforeId, limit));
    this.#budget.send(res, JSON.stringify(entries.map(auditEntryResource)));
  };
}
