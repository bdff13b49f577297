import Database from 'better-sqlite3';
import { onTestEnd } from './on-test-end.js';

/** Takes the write lock of a database file, as another program would; returns what lets it go. */
export function lockFile(file: string): () => void {
  const client = new Database(file);
  client.exec('begin immediate');
  onTestEnd(() => client.close());
  return () => void client.exec('rollback');
}
