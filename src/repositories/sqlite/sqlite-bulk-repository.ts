import type { BulkPreview } from '../../core/bulk.js';
import type { Connection } from '../../db/sqlite/connection.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { BulkPlace, BulkRepository, BulkSelection, BulkStep } from '../bulk-repository.js';
import { bulkSearch } from './bulk-search.js';
import type { BulkResult } from './operations/bulk.js';
import type { SqliteOperations } from './operations/index.js';

export class SqliteBulkRepository implements BulkRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #newestId;
  readonly #search;

  constructor(reader: Connection, writer: Writer<SqliteOperations>) {
    this.#writer = writer;
    this.#newestId = reader.client.prepare('select max(id) from tasks').pluck();
    this.#search = bulkSearch(reader);
  }

  async newestId(): Promise<number> {
    return (this.#newestId.get() as number | null) ?? 0;
  }

  async countSome(selection: BulkSelection, after: number): Promise<BulkPreview & { after: BulkPlace }> {
    const { ids, ...page } = this.#search(selection, after);
    return { matched: ids.length, ...page };
  }

  changeSome(step: BulkStep): Promise<BulkResult> {
    return this.#writer.run('bulk', step, { weight: step.most, by: step.request?.by });
  }
}
