import type { Reply } from './reply.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON text, on whichever road. */
export function sendJson(res: Reply, status: number, json: string, contentType: string = JSON_TYPE): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', Buffer.byteLength(json));
  res.end(json);
}
