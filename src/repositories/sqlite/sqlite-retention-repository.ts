import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Retention, RetentionRepository } from '../retention-repository.js';
import type { SqliteOperations } from './operations/index.js';

export class SqliteRetentionRepository implements RetentionRepository {
  readonly #writer: Writer<SqliteOperations>;

  constructor(writer: Writer<SqliteOperations>) {
    this.#writer = writer;
  }

  prune(retention: Retention, limit: number): Promise<number> {
    return this.#writer.run('prune', { ...retention, limit });
  }
}
