import { WAIT_CAPS } from '../auth/long-polls.js';
import { NO_RATES } from '../auth/rate-limits.js';
import type { Guards } from '../controllers/controllers.js';

/** What keeps one client from taking all there is, as it is set. A client is a key, or else an address. */
export interface GuardOptions {
  /** Polls a minute that each client is allowed; default 0, which is without a limit. */
  pollsPerMinute?: number;
  /** The same for requests that change something. */
  writesPerMinute?: number;
  /** The same for requests that read much: lists, logs, statistics, the audit log. */
  readsPerMinute?: number;
  /** Wrong keys a minute that are answered from one address; default 30. */
  authFailuresPerMinute?: number;
  /** Long polls and streams that each client may have open at once; default 2,000. */
  waitsPerClient?: number;
  /** The same for all clients together; default 10,000. */
  maxWaits?: number;
  /** Addresses and networks of proxies that are believed when they say whom they ask for; default none. */
  trustProxy?: readonly string[];
}

/** The same as controllers take it. */
export const guardsOf = (options: GuardOptions): Guards => ({
  rates: {
    polls: options.pollsPerMinute ?? NO_RATES.polls,
    writes: options.writesPerMinute ?? NO_RATES.writes,
    reads: options.readsPerMinute ?? NO_RATES.reads,
  },
  authFailuresPerMinute: options.authFailuresPerMinute,
  waits: {
    perClient: options.waitsPerClient ?? WAIT_CAPS.perClient,
    inAll: options.maxWaits ?? WAIT_CAPS.inAll,
  },
  trustedProxies: options.trustProxy,
});
