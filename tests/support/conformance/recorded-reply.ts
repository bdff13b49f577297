import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a server has answered to a request. */
export interface RecordedReply {
  method: string;
  path: string;
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Null where it is too long to be kept. */
  body: string | null;
  /** False where the client hung up before the end. */
  isWhole: boolean;
}

/** Bytes of a body that are kept. */
const MAX_BODY = 4 * 1024 * 1024;

/** The headers as they were sent, however they came to be. */
function sentHeaders(res: ServerResponse): Record<string, string> {
  const { _header: head } = res as ServerResponse & { _header: string };
  const [, ...lines] = head.trimEnd().split('\r\n');
  const entries = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return Object.fromEntries(entries);
}

/** Hands over every reply once it is over, whoever asked and by whatever means. */
export function recordReply(
  req: IncomingMessage,
  res: ServerResponse,
  onReply: (reply: RecordedReply) => void,
): void {
  const { method = '', url = '' } = req;
  const chunks: Buffer[] = [];
  let size = 0;
  const keep = (chunk: unknown) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const bytes = Buffer.from(chunk as string);
    size += bytes.length;
    if (size <= MAX_BODY) chunks.push(bytes);
  };
  const { write, end } = res;
  res.write = (...args: unknown[]) => {
    keep(args[0]);
    return write.apply(res, args as never);
  };
  res.end = (...args: unknown[]) => {
    keep(args[0]);
    return end.apply(res, args as never);
  };
  let isReported = false;
  const report = () => {
    if (!res.headersSent || isReported) return;
    isReported = true;
    onReply({
      method,
      path: url.split('?')[0] as string,
      status: res.statusCode,
      headers: sentHeaders(res),
      body: size > MAX_BODY ? null : Buffer.concat(chunks).toString('utf8'),
      isWhole: res.writableFinished,
    });
  };
  // Sent, or given up by the client.
  res.once('finish', report).once('close', report);
}
