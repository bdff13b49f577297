import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as after, setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { until } from './until.js';

/** Has the connection closed after one more answer, which tells that all before it is answered. */
const GOODBYE =
  'GET /goodbye HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: goodbye\r\nConnection: close\r\n\r\n';

/** Turns of the event loop in which a server of this process reads, as a rule, what was sent to it. */
const TURNS = 4;

/** Milliseconds after which a server that has not answered the goodbye takes it for the rest of something else. */
const PATIENCE_MS = 50;

/** The same over TLS, where a goodbye and the end that follows it may be read as one, and then it has no answer. */
const TLS_PATIENCE_MS = 500;

/**
 * Sends the pieces on one connection to a server of this very process, says goodbye, and ends. The next piece goes once
 * the one before is answered, or, where not each has an answer of its own, a moment later. Resolves to all that came
 * back until the connection was closed, byte for byte as latin1. Over TLS where there is an authority to trust.
 */
export async function rawExchange(
  port: number,
  pieces: readonly string[],
  next: 'once answered' | 'soon' = 'soon',
  ca?: Buffer,
): Promise<string> {
  const to = { port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true };
  const socket = ca ? connectTls({ ...to, ca }) : connect(to);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // A server that refuses a request may be gone while we still send.
  socket.on('error', () => undefined);
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
  });
  socket.on('end', () => socket.destroy());
  await once(socket, ca ? 'secureConnect' : 'connect');
  for (const piece of pieces) {
    const before = received.length;
    socket.write(piece, 'latin1');
    if (next === 'once answered') await until(() => received.length > before);
    else for (let turns = 0; turns < TURNS; turns++) await turn();
  }
  socket.write(GOODBYE);
  await Promise.race([closed, after(ca ? TLS_PATIENCE_MS : PATIENCE_MS)]);
  socket.end();
  await closed;
  return received;
}

/** The same without what differs from one answer to the next, or is the server's own: date, made-up ids, patience. */
export const normalised = (replies: string): string =>
  replies
    .replaceAll(/^Date: .+ GMT\r$/gm, 'Date: now\r')
    .replaceAll(/^Keep-Alive: timeout=\d+\r$/gm, 'Keep-Alive: timeout=some\r')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'a-uuid');
