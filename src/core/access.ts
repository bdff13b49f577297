/** The author of a change, as the audit log records it. */
export interface Actor {
  /** The name of the key, or {@link ANONYMOUS}. */
  name: string;
  /** The client's address; null for a command on the server's own machine. */
  address: string | null;
  requestId: string | null;
}

/** Actor of requests without a key, on a server that has none. */
export const ANONYMOUS = 'anonymous';

/** Actor of a command on the file itself: prefix and user name. */
export const COMMAND_LINE_PREFIX = 'cli:';

/** What a key permits: `admin` everything, each of the others only what it names. */
export const SCOPES = ['read', 'enqueue', 'work', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether the scopes `held` cover all of `needed`. */
export const grants = (held: readonly Scope[], needed: readonly Scope[]): boolean =>
  held.includes('admin') || needed.every((scope) => held.includes(scope));

/** Classes of requests that are limited separately: status polls, changes, expensive reads. */
export const RATE_LIMIT_CLASSES = ['polls', 'writes', 'reads'] as const;

export type RateLimitClass = (typeof RATE_LIMIT_CLASSES)[number];
