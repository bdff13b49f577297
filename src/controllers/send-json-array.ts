import type { ServerResponse } from 'node:http';
import { JSON_TYPE, sendJson } from './send-json.js';

/** Characters that are gathered before some are sent. An answer with fewer is sent in one piece. */
const PIECE = 1024 * 1024;

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
  });

/**
 * Sends a JSON array. A long one goes out in pieces, as fast as the client takes them: a thousand tasks of a megabyte
 * each are more than one string or the memory could hold.
 */
export async function sendJsonArray(res: ServerResponse, pages: AsyncIterable<string[]>): Promise<void> {
  let text = '[';
  let separator = '';
  for await (const page of pages) {
    for (const element of page) {
      text += separator + element;
      separator = ',';
      if (text.length < PIECE) continue;
      if (res.closed) return;
      if (!res.headersSent) res.writeHead(200, { 'Content-Type': JSON_TYPE });
      if (!res.write(text)) await taken(res);
      if (res.closed) return;
      text = '';
    }
  }
  if (res.headersSent) res.end(`${text}]`);
  else sendJson(res, 200, `${text}]`);
}
