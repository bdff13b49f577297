import { sql } from 'drizzle-orm';
import type { Actor } from '../../../core/access.js';
import type { BulkAction } from '../../../core/bulk.js';
import { auditEntries } from '../../../db/sqlite/schema.js';
import type { Run, Transaction } from '../../../db/sqlite/transaction.js';
import type { Tally } from '../../../db/writer/writer.js';
import { type AuditEvent, bulkEvent } from '../../shared/audit-events.js';
import type { BulkRequest } from '../../task-repository.js';
import { bound } from '../rows.js';

/** Writes audit entries in the transaction of the change, so that neither exists without the other. */
export class AuditLog implements Tally {
  readonly #now: () => number;
  readonly #insert;
  #events: { actor: Actor; event: AuditEvent }[] = [];

  constructor(transaction: Transaction) {
    this.#now = transaction.now;
    this.#insert = auditInsert(transaction);
    transaction.addTally(this);
  }

  add(actor: Actor, event: AuditEvent): void {
    this.#events.push({ actor, event });
  }

  flush(): void {
    for (const { actor, event } of this.#events) this.#insert.run(auditRow(this.#now(), actor, event));
    this.discard();
  }

  discard(): void {
    if (this.#events.length > 0) this.#events = [];
  }
}

const auditRow = (at: number, { name, address, requestId }: Actor, event: AuditEvent) => ({
  at,
  actor: name,
  address,
  requestId,
  action: event.action,
  taskId: event.taskId ?? null,
  outcome: event.outcome,
  details: event.details === undefined ? null : JSON.stringify(event.details),
});

/** The audit log of a writer's transactions, shared by all its operations. */
const auditLogs = new WeakMap<Transaction, AuditLog>();

export function auditLogOf(transaction: Transaction): AuditLog {
  const log = auditLogs.get(transaction) ?? new AuditLog(transaction);
  auditLogs.set(transaction, log);
  return log;
}

/** The audit event of a request that was run; null if nothing relevant changed. */
type Describe<Args, Result> = (args: Args, result: Result) => AuditEvent | null;

/** Wraps an operation: what it does for an actor is added to the audit log. */
export const audited =
  <Args, Result>(
    operation: (transaction: Transaction) => Run<Args, Result>,
    describe: Describe<Args, Result>,
  ) =>
  (transaction: Transaction): Run<Args, Result> => {
    const run = operation(transaction);
    const log = auditLogOf(transaction);
    const audit: Run<Args, Result> = (args) => run(args);
    if (run.many) audit.many = (all) => run.many?.(all) as Result[];
    audit.afterRun = (actor, args, result) => {
      const event = describe(args, result);
      if (event) log.add(actor, event);
    };
    return audit;
  };

/**
 * Adds a bulk change to the audit log: one entry for the request, whose count grows with each transaction. Returns its
 * id, for the next one.
 */
export function bulkAudit(transaction: Transaction) {
  const { db, now } = transaction;
  const insert = auditInsert(transaction);
  const addMore = db
    .update(auditEntries)
    .set({
      details: sql`json_set(${auditEntries.details}, '$.done', json_extract(${auditEntries.details}, '$.done') + ${bound('changed')})`,
    })
    .where(sql`${auditEntries.id} = ${bound('id')}`)
    .prepare();
  return (id: number | null, action: BulkAction, request: BulkRequest, changed: number): number => {
    if (id !== null && addMore.run({ id, changed }).changes > 0) return id;
    const row = auditRow(now(), request.actor, bulkEvent(action, request, changed));
    return Number(insert.run(row).lastInsertRowid);
  };
}

/** Adds an entry to the audit log. */
export const auditInsert = ({ db }: Transaction) =>
  db
    .insert(auditEntries)
    .values({
      at: bound('at'),
      actor: bound('actor'),
      address: bound('address'),
      requestId: bound('requestId'),
      action: bound('action'),
      taskId: bound('taskId'),
      outcome: bound('outcome'),
      details: bound('details'),
    })
    .prepare();
