import type { Scope } from '../../core/access.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { apiKeys } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/writer/writer.js';
import type { KeyRepository, StoredKey } from '../key-repository.js';
import type { SqliteOperations } from './operations/index.js';

/** All keys, revoked ones included, by name. */
export function keyLister({ db }: Connection): () => StoredKey[] {
  const select = db.select().from(apiKeys).orderBy(apiKeys.name).prepare();
  return () =>
    select.all().map(({ version: _, scopes, ...key }) => ({ ...key, scopes: JSON.parse(scopes) as Scope[] }));
}

export class SqliteKeyRepository implements KeyRepository {
  readonly onCommit: KeyRepository['onCommit'];
  readonly #writer: Writer<SqliteOperations>;
  readonly #list;
  readonly #version;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, onCommit: KeyRepository['onCommit']) {
    this.onCommit = onCommit;
    this.#writer = writer;
    this.#list = keyLister(reader);
    this.#version = reader.client.prepare('select coalesce(max(version), 0) from api_keys').pluck();
  }

  async list(): Promise<StoredKey[]> {
    return this.#list();
  }

  async version(): Promise<number> {
    return this.#version.get() as number;
  }

  async touch(uses: ReadonlyMap<number, number>): Promise<void> {
    await this.#writer.run('touchKeys', [...uses]);
  }
}
