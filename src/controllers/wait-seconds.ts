import { POLL_LIMITS } from '../domain/poll-limits.js';
import type { Reply } from './reply.js';

const WAIT = /^\s*wait\s*=\s*(?:(\d+)|"(\d+)")\s*(?:;|$)/i;

/** What is between commas outside of quotes. A quote that does not end goes to the end: so no place is looked at twice. */
const PREFERENCE = /(?:[^",]|"(?:[^"\\]|\\.?)*(?:"|$))+/gs;

const preferencesIn = (header: string): string[] => header.match(PREFERENCE) ?? [];

/** The seconds of `Prefer: wait=SECONDS` (RFC 7240), capped to what is possible; null without such a preference. */
export function preferredWait(header: string | undefined): number | null {
  if (header === undefined) return null;
  for (const preference of preferencesIn(header)) {
    const match = WAIT.exec(preference);
    if (match) return Math.min(Number(match[1] ?? match[2]), POLL_LIMITS.waitSeconds.max);
  }
  return null;
}

interface WaitRequest {
  query: { wait?: number };
  headers: { prefer?: string | undefined };
}

/** How many seconds a request is willing to wait. A preference that is heeded is said in the reply; the query goes first. */
export function waitSecondsOf({ query, headers }: WaitRequest, res: Reply): number {
  if (query.wait !== undefined) return query.wait;
  const preferred = preferredWait(headers.prefer);
  if (preferred === null) return 0;
  res.setHeader('Preference-Applied', `wait=${preferred}`);
  return preferred;
}
