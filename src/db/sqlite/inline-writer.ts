import type { Actor } from '../../core/access.js';
import type { Clock } from '../../core/clock.js';
import { type ErrorCode, SpooliteError, UserError } from '../../core/errors.js';
import { CommitMeter } from '../writer/commit-meter.js';
import { type ErrorReply, fromErrorReply, type WriteRequest } from '../writer/messages.js';
import type { ArgsOf, EventSink, Operations, ResultOf, RunOptions, Writer } from '../writer/writer.js';
import { CommitSignal } from './commit-signal.js';
import { type Connection, openForWriting } from './connection.js';
import { GroupCommitter } from './group-committer.js';

/**
 * Runs operations on the calling thread: for a database in memory, which no other thread could open, with neither a
 * disk nor another process to wait for.
 */
export class InlineWriter<Ops extends Operations> implements Writer<Ops> {
  readonly refusal = null;
  readonly failure = null;
  readonly meter = new CommitMeter();
  readonly #committer: GroupCommitter;
  readonly #clock: Clock;
  readonly #onCommit: () => void;
  readonly #eventSink: EventSink | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(
    connection: Connection,
    operations: Ops,
    clock: Clock,
    onCommit: () => void,
    eventSink?: EventSink,
  ) {
    this.#committer = new GroupCommitter(connection, operations, undefined, eventSink !== undefined);
    this.#eventSink = eventSink;
    this.#clock = clock;
    this.#onCommit = onCommit;
  }

  async run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    { actor }: RunOptions = {},
  ): Promise<ResultOf<Ops[Name]>> {
    if (this.#closed) throw new SpooliteError('NOT_READY', 'The storage is closed');
    const request: WriteRequest = { id: 0, name, args, actor };
    this.#committer.tryBegin(this.#clock.now());
    const start = performance.now();
    const { replies, changed, events } = this.#committer.commit([request]);
    this.meter.committed(1, start);
    if (changed) this.#onCommit();
    if (events.length > 0) this.#eventSink?.(events);
    const reply = replies[0];
    if (!reply || 'error' in reply) throw reply ? fromErrorReply(reply.error) : new Error('No reply');
    return reply.result as ResultOf<Ops[Name]>;
  }

  repeat<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    intervalMs: number,
    onResult: (result: ResultOf<Ops[Name]>) => void,
    onFailure: (error: Error) => void,
  ): () => void {
    const timer = setInterval(() => this.run(name, args).then(onResult, onFailure), intervalMs).unref();
    this.#timers.add(timer);
    return () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    };
  }

  /** A database in memory ends with the process. */
  runLast(): void {
    void this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
  }
}

const ABOUT_FILE: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/**
 * Runs operations on a file for a command that does a few of them and ends, each in its own transaction; servers and
 * workers on the file may continue meanwhile, and are notified. Throws `UserError` if the file cannot be used or stays
 * locked.
 */
export class TemporaryWriter<Ops extends Operations> {
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

  /** Throws the operation's error; then nothing of it is stored. */
  run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    actor?: Actor,
  ): ResultOf<Ops[Name]> {
    if (!this.#committer.tryBegin(this.#clock.now())) {
      throw new UserError(
        `${this.#file} stayed locked by another program. End that program, then try again.`,
      );
    }
    const { replies, changed } = this.#committer.commit([{ id: 0, name, args, actor }]);
    if (changed) this.#signal.raise();
    const reply = replies[0];
    if (!reply || 'error' in reply) throw reply ? this.#refusal(reply.error) : new Error('No reply');
    return reply.result as ResultOf<Ops[Name]>;
  }

  /** An error of the file, not of the request, becomes one sentence for the person at the terminal. */
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
