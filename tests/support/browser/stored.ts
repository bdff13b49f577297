import Database from 'better-sqlite3';

export interface Stored {
  /** Ids and statuses of all tasks. */
  tasks: string[];
  auditEntries: number;
}

/** What a file has now. */
export function storedIn(file: string): Stored {
  const db = new Database(file, { readonly: true });
  const tasks = db.prepare("select id || ' ' || type || ' ' || status from tasks order by id").pluck().all();
  const auditEntries = db.prepare('select count(*) from audit_entries').pluck().get();
  db.close();
  return { tasks: tasks as string[], auditEntries: auditEntries as number };
}
