/** Who asks for a change, as the audit log tells it. */
export interface Caller {
  /** The name of the key, or {@link ANONYMOUS}. */
  name: string;
  /** Where the request came from; null for a command on the server's own machine. */
  address: string | null;
  requestId: string | null;
}

/** Who comes in without a key, while there is none. */
export const ANONYMOUS = 'anonymous';

/** A command on the file itself, of the user behind the colon. */
export const COMMAND_LINE = 'cli:';
