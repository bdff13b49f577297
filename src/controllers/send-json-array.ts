import type { ServerResponse } from 'node:http';
import { JSON_TYPE, sendJson } from './send-json.js';

/** Some of an array's elements, as JSON text. */
export interface Piece {
  elements: string[];
  isLast: boolean;
}

/** Resolves when the client has taken what was written, or has gone. */
const taken = (res: ServerResponse): Promise<void> =>
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
export async function sendJsonArray(res: ServerResponse, pieces: AsyncIterable<Piece>): Promise<void> {
  let isEmpty = true;
  for await (const { elements, isLast } of pieces) {
    if (res.closed) return;
    let text = res.headersSent ? '' : '[';
    if (!isEmpty && elements.length > 0) text += ',';
    text += elements.join(',');
    if (elements.length > 0) isEmpty = false;
    if (isLast && !res.headersSent) return sendJson(res, 200, `${text}]`);
    if (isLast) return void res.end(`${text}]`);
    if (!res.headersSent) res.writeHead(200, { 'Content-Type': JSON_TYPE });
    if (!res.write(text)) await taken(res);
  }
}
