import type { BareResponse, HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import type { JsonValue } from '../core/json.js';
import type { ReplyBudget } from '../services/reply-budget.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON text, on whichever road. */
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

/** Sends JSON text that counts for the budget until the client has it. */
export function sendCounted(res: HttpResponse, json: string, budget: ReplyBudget): void {
  budget.hold(res, json.length);
  sendJson(res, 200, json);
}

/** Some of an array's elements, as JSON text. */
export interface Piece {
  elements: string[];
  isLast: boolean;
}

/** Resolves when the client has taken what was written, or has gone. */
const taken = (res: BareResponse): Promise<void> =>
  new Promise((resolve) => {
    // Neither event comes any more.
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
 * Sends a JSON array. A long one goes out in pieces, as fast as the client takes them: a thousand tasks of a megabyte
 * each are more than one string or the memory could hold.
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

/** JSON text of an array, from the JSON texts of its elements. */
export const jsonArray = (elements: readonly string[]): string => `[${elements.join(',')}]`;

/** JSON text to store; null and an absent value are both stored as none. */
export const nullableJsonText = (value: JsonValue | undefined): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);

/** Aborts when the connection ends, be it that the reply was sent or that the client hung up before. */
export function disconnectSignal(res: HttpResponse): AbortSignal {
  const controller = new AbortController();
  if (res.closed) controller.abort();
  else res.once('close', () => controller.abort());
  return controller.signal;
}

/** What a change was answered with could not be made: an error reply would say that the change was not stored. */
export class AnswerLost extends Error {}

/**
 * Answers a change that is stored. What is the client's to know (its task is gone meanwhile) is thrown on; anything else
 * as AnswerLost, on which the connection ends without an answer, as that is what "unknown" looks like.
 */
export async function afterCommit(answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (error instanceof SpooliteError && error.code === 'TASK_NOT_FOUND') throw error;
    throw new AnswerLost('The change is stored, but could not be answered', { cause: error });
  }
}
