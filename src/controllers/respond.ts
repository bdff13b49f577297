import type { BareResponse, HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import type { JsonValue } from '../core/json.js';
import type { ReplyBudget } from '../services/reply-budget.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON text on any transport. */
export function sendJson(
  res: BareResponse,
  status: number,
  json: string,
  contentType: string = JSON_TYPE,
): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', Buffer.byteLength(json));
  res.end(json);
}

/** Sends JSON text that counts against the budget until the client has it. */
export function sendCounted(res: HttpResponse, json: string, budget: ReplyBudget): void {
  budget.hold(res, json.length);
  sendJson(res, 200, json);
}

/** Elements of an array, as JSON text. */
export interface Piece {
  elements: string[];
  isLast: boolean;
}

/** Resolves when the client has read what was written, or has disconnected. */
const taken = (res: BareResponse): Promise<void> =>
  new Promise((resolve) => {
    // Neither event would follow.
    if (res.closed) return resolve();
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.once('drain', done);
    res.once('close', done);
    if (res.closed) done();
  });

/**
 * Sends a JSON array, a long one in pieces, as fast as the client reads them: a thousand tasks of a megabyte each
 * exceed one string, or the memory.
 */
export async function sendJsonArray(res: BareResponse, pieces: AsyncIterable<Piece>): Promise<void> {
  let isEmpty = true;
  for await (const { elements, isLast } of pieces) {
    if (res.closed) return;
    let text = res.headersSent ? '' : '[';
    if (!isEmpty && elements.length > 0) text += ',';
    text += elements.join(',');
    if (elements.length > 0) isEmpty = false;
    if (isLast && !res.headersSent) return sendJson(res, 200, `${text}]`);
    if (isLast) return void res.end(`${text}]`);
    if (!res.headersSent) res.setHeader('Content-Type', JSON_TYPE);
    if (!res.write(text)) await taken(res);
  }
}

export const jsonArray = (elements: readonly string[]): string => `[${elements.join(',')}]`;

/** JSON text to store; null and an absent value are both stored as null. */
export const nullableJsonText = (value: JsonValue | undefined): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);

/** Aborts when the connection closes, whether the reply was sent or the client disconnected before. */
export function disconnectSignal(res: HttpResponse): AbortSignal {
  const controller = new AbortController();
  if (res.closed) controller.abort();
  else res.once('close', () => controller.abort());
  return controller.signal;
}

/** The reply to a stored change could not be made; an error reply would claim that nothing was stored. */
export class AnswerLost extends Error {}

/**
 * Replies to a stored change. Errors that concern the client (its task is gone meanwhile) are thrown on; any other
 * becomes AnswerLost, which closes the connection without a reply, as the outcome is then unknown to the client.
 */
export async function afterCommit(answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (error instanceof SpooliteError && error.code === 'TASK_NOT_FOUND') throw error;
    throw new AnswerLost('The change is stored, but the reply could not be sent', { cause: error });
  }
}
