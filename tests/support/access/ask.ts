import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Asked {
  port: number;
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Connections that stay; else each request has its own. */
  agent?: Agent;
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed, of a refusal; of nothing else is more read than the head: a stream would not end. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
  problem: any;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

/** Sends a request and resolves once it is known whether it was let in. */
export async function ask({ port, method, path, headers, body, agent }: Asked): Promise<Answered> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const req = request({
    port,
    host: '127.0.0.1',
    method,
    path,
    agent: agent ?? false,
    headers: {
      ...headers,
      ...(text !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(text)),
      }),
    },
  });
  req.end(text);
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  const { statusCode: status = 0, headers: answered } = response;
  if (status === 401 || status === 403)
    return { status, headers: answered, problem: JSON.parse(await textOf(response)) };
  if (answered['content-type']?.startsWith('text/event-stream')) req.destroy();
  else await textOf(response);
  return { status, headers: answered, problem: null };
}
