import type { ServerResponse } from 'node:http';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends JSON text. Uses only what node's response has, so that a road without Express can end here too. */
export function sendJson(
  res: ServerResponse,
  status: number,
  json: string,
  contentType: string = JSON_TYPE,
): void {
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', Buffer.byteLength(json));
  res.end(json);
}
