import type { SpooliteClient } from '../../client/index.js';
import type { Output } from './output.js';

/** What a command about tasks works with. */
export interface Context<Flags = object> {
  client: SpooliteClient;
  out: Output;
  flags: Flags;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** To people only: standard error, whatever becomes of standard output. */
  warn(text: string): void;
}
