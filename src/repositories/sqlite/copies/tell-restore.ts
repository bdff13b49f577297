import { basename } from 'node:path';
import type { Actor } from '../../../core/access.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { auditEntries } from '../../../db/sqlite/schema.js';

/** Tells the audit log of a queue that it was restored. */
export function tellRestore({ db }: Connection, by: Actor, backup: string, at: number): void {
  const { name: actor, address, requestId } = by;
  const details = JSON.stringify({ backup: basename(backup) });
  db.insert(auditEntries)
    .values({ at, actor, address, requestId, action: 'restore', outcome: 'done', details })
    .run();
}
