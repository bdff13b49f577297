import type { BulkAction, BulkOptions, BulkPreview } from '../client/bulk.js';
import { bulkFilterBody } from '../client/http/bulk-filter.js';
import type { CallOptions } from '../client/queries.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import type { BulkRepository } from '../repositories/bulk-repository.js';
import { BulkChange, type BulkFilterFields, bulkBodies, toBulkFilter } from '../services/bulk-change.js';
import { checked } from './checked.js';
import type { Waits } from './waits.js';

interface Body {
  filter: BulkFilterFields;
  expected: number;
}

/** Changes of many tasks without a server between. */
export class BulkCalls {
  readonly #change: BulkChange;
  readonly #waits: Waits;

  constructor(repository: BulkRepository, waits: Waits) {
    this.#change = new BulkChange(repository);
    this.#waits = waits;
  }

  async preview(action: BulkAction, filter: object, { signal }: CallOptions): Promise<BulkPreview> {
    this.#waits.throwIfOver(signal);
    const body = checked<Body>(bulkBodies[action], { filter: bulkFilterBody(filter) });
    return this.#change.count(action, toBulkFilter(body.filter), signal);
  }

  async run(action: BulkAction, filter: object, options: BulkOptions): Promise<number> {
    const { expected, signal, onProgress } = options;
    this.#waits.throwIfOver(signal);
    const body = checked<Body>(bulkBodies[action], { filter: bulkFilterBody(filter), expected });
    const wish = { action, filter: toBulkFilter(body.filter), expected: body.expected };
    const { done, cursor, trouble } = await this.#change.run(wish, { signal, onProgress });
    if (cursor === null) return done;
    this.#waits.throwIfOver(signal);
    throw new SpooliteError('NOT_READY', `${done} tasks are done, and then: ${trouble}`);
  }
}
