import type { ServerResponse } from 'node:http';
import type { BulkAction, BulkPreview, ReasonCounts } from '../domain/bulk.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import type { BulkRequest as Asked } from '../repositories/bulk-repository.js';
import { callerOf } from './access/caller-of.js';
import type { BulkChange, BulkOutcome } from './bulk-change.js';
import { type BulkFilterFields, toBulkFilter, toldFilter } from './bulk-filter.js';
import { hangUpSignal } from './hang-up-signal.js';
import { sendJson } from './send-json.js';

/** Milliseconds after which an answer says how far it has come: clients and proxies do not wait for ever. */
const SLICE_MS = 5_000;

const STOPPING = 'The server is stopping; nothing was changed';

interface Body {
  filter: BulkFilterFields;
  /** Absent only counts. */
  expected?: number;
  cursor?: string;
}

interface BulkRequest {
  body: Body;
}

interface Reply {
  matched: number | null;
  failure_reasons: ReasonCounts | null;
  cancelled_left_out: number | null;
  done: number;
  cursor: string | null;
  message: string;
}

const DID: Record<BulkAction, string> = { cancel: 'cancelled', retry: 'queued again', delete: 'deleted' };

const previewResource = (preview: BulkPreview | null) => ({
  matched: preview?.matched ?? null,
  failure_reasons: preview?.byReason ?? null,
  cancelled_left_out: preview?.cancelledLeftOut ?? null,
});

const tasks = (count: number): string => (count === 1 ? '1 task' : `${count} tasks`);

/** What a dry run has found, for people. */
function foundMessage({ matched, cancelledLeftOut }: BulkPreview): string {
  const text = `${tasks(matched)} ${matched === 1 ? 'matches' : 'match'}; nothing was changed`;
  if (cancelledLeftOut === 0) return text;
  return `${text}. Left out: ${cancelledLeftOut} cancelled; name the reason to mean those`;
}

function messageOf(action: BulkAction, { done, cursor, trouble }: BulkOutcome, isStopping: boolean): string {
  const text = `${tasks(done)} ${DID[action]}`;
  if (trouble !== undefined) return `${text}, and then: ${trouble}`;
  if (cursor === null) return text;
  return isStopping ? `${text}; the server is stopping` : `${text}; send the cursor to go on`;
}

/** Changes of many tasks at once. */
export class BulkController {
  readonly #change: BulkChange;
  readonly #stopping: AbortSignal;

  constructor(change: BulkChange, stopping: AbortSignal) {
    this.#change = change;
    this.#stopping = stopping;
  }

  cancel = (req: BulkRequest, res: ServerResponse): Promise<void> => this.#answer('cancel', req, res);
  retry = (req: BulkRequest, res: ServerResponse): Promise<void> => this.#answer('retry', req, res);
  delete = (req: BulkRequest, res: ServerResponse): Promise<void> => this.#answer('delete', req, res);

  async #answer(action: BulkAction, { body }: BulkRequest, res: ServerResponse): Promise<void> {
    const hungUp = hangUpSignal(res);
    try {
      const signal = AbortSignal.any([hungUp, this.#stopping]);
      const reply = await this.#reply(action, body, res, signal);
      sendJson(res, 200, JSON.stringify(reply));
    } catch (error) {
      // There is nobody to answer.
      if (hungUp.aborted) return;
      // Aborted while it still counted.
      if (this.#stopping.aborted) throw new SpooliteError('NOT_READY', STOPPING);
      throw error;
    }
  }

  async #reply(action: BulkAction, body: Body, res: ServerResponse, signal: AbortSignal): Promise<Reply> {
    const { expected, cursor } = body;
    const filter = toBulkFilter(body.filter);
    if (expected === undefined) {
      const found = await this.#change.count(action, filter, signal);
      return { ...previewResource(found), done: 0, cursor: null, message: foundMessage(found) };
    }
    const request: Asked = { by: callerOf(res), filter: toldFilter(body.filter), expected };
    const wish = { action, filter, expected, cursor, request };
    const outcome = await this.#change.run(wish, { signal, forMs: SLICE_MS });
    const message = messageOf(action, outcome, this.#stopping.aborted);
    const { preview, done, cursor: next } = outcome;
    return { ...previewResource(preview), done, cursor: next, message };
  }
}
