import type { Actor } from '../../../core/access.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { auditInsert } from './audit-insert.js';

/** What somebody did, as the audit log tells it. */
export interface Deed {
  action: string;
  /** The task, where it is about one. */
  taskId?: number;
  /** What came of it, in a word. */
  outcome: string;
  /** Whatever else there is to tell. */
  details?: object;
}

/** Writes who changed what into the transaction that has the change, so that there is no one without the other. */
export class AuditLog implements Tally {
  readonly #now: () => number;
  readonly #insert;
  #deeds: { by: Actor; deed: Deed }[] = [];

  constructor(transaction: Transaction) {
    this.#now = transaction.now;
    this.#insert = auditInsert(transaction);
    transaction.addTally(this);
  }

  add(by: Actor, deed: Deed): void {
    this.#deeds.push({ by, deed });
  }

  flush(): void {
    for (const { by, deed } of this.#deeds) this.#write(by, deed);
    this.discard();
  }

  discard(): void {
    if (this.#deeds.length > 0) this.#deeds = [];
  }

  #write({ name, address, requestId }: Actor, { action, taskId, outcome, details }: Deed): void {
    this.#insert.run({
      at: this.#now(),
      actor: name,
      address,
      requestId,
      action,
      taskId: taskId ?? null,
      outcome,
      details: details === undefined ? null : JSON.stringify(details),
    });
  }
}

/** The audit log of a writer's transactions: one for all its operations. */
const logs = new WeakMap<Transaction, AuditLog>();

export function auditLogOf(transaction: Transaction): AuditLog {
  const log = logs.get(transaction) ?? new AuditLog(transaction);
  logs.set(transaction, log);
  return log;
}
