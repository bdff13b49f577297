/** Who asks for a change, as the audit log tells it. */
export interface Actor {
  /** The name of the key, or {@link ANONYMOUS}. */
  name: string;
  /** Where the request came from; null for a command on the server's own machine. */
  address: string | null;
  requestId: string | null;
}

/** Who comes in without a key, while there is none. */
export const ANONYMOUS = 'anonymous';

/** A command on the file itself, of the user behind the colon. */
export const COMMAND_LINE_PREFIX = 'cli:';

/** What a key can be for. `admin` may do everything; each of the others only what it names. */
export const SCOPES = ['read', 'enqueue', 'work', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether somebody with the scopes `held` may do what needs all of `needed`. */
export const grants = (held: readonly Scope[], needed: readonly Scope[]): boolean =>
  held.includes('admin') || needed.every((scope) => held.includes(scope));

/** What requests are counted as: asking how tasks are going, changing something, reading much. */
export const RATE_LIMIT_CLASSES = ['polls', 'writes', 'reads'] as const;

export type RateLimitClass = (typeof RATE_LIMIT_CLASSES)[number];
