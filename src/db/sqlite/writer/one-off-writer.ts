import type { Actor } from '../../../core/access.js';
import type { Clock } from '../../../core/clock.js';
import { type ErrorCode, UserError } from '../../../core/errors.js';
import { CommitSignal } from '../commit-signal.js';
import { type Connection, openForWriting } from '../connection.js';
import { type ErrorReply, fromErrorReply } from './error-reply.js';
import { GroupCommitter } from './group-committer.js';
import type { ArgsOf, Operations, ResultOf } from './operation.js';

const ABOUT_FILE: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/**
 * Runs operations on a file for a command that does a few of them and ends, each in a transaction of its own; servers and
 * workers on the file may go on meanwhile, and are told. Throws `StartupError` when the file cannot be used or stays locked.
 */
export class OneOffWriter<Ops extends Operations> {
  readonly connection: Connection;
  readonly #file: string;
  readonly #committer: GroupCommitter;
  readonly #clock: Clock;
  readonly #signal: CommitSignal;

  constructor(file: string, operations: Ops, clock: Clock) {
    this.connection = openForWriting(file, 'full');
    this.#file = file;
    this.#committer = new GroupCommitter(this.connection, operations);
    this.#clock = clock;
    this.#signal = new CommitSignal(file);
  }

  /** Throws what the operation throws; then nothing of it is stored. */
  run<Name extends keyof Ops & string>(name: Name, args: ArgsOf<Ops[Name]>, by?: Actor): ResultOf<Ops[Name]> {
    if (!this.#committer.tryBegin(this.#clock.now())) {
      throw new UserError(
        `${this.#file} stayed locked by another program. End that program, then try again.`,
      );
    }
    const { replies, changed } = this.#committer.commit([{ id: 0, name, args, by }]);
    if (changed) this.#signal.raise();
    const reply = replies[0];
    if (!reply || 'error' in reply) throw reply ? this.#refusal(reply.error) : new Error('No reply');
    return reply.result as ResultOf<Ops[Name]>;
  }

  /** What is wrong with the file, and not with what was asked for, is one sentence for the person at the terminal. */
  #refusal(reply: ErrorReply): Error {
    const error = fromErrorReply(reply);
    const isAboutFile = reply.isOutcomeUnknown || ABOUT_FILE.includes(error.code);
    return isAboutFile ? new UserError(`${this.#file}: ${error.message}.`, { cause: error }) : error;
  }

  close(): void {
    this.#signal.close();
    this.connection.client.close();
  }
}
