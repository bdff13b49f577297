import type { Clock } from '../../../core/clock.js';
import { SpooliteError } from '../../../core/errors.js';
import type { Connection } from '../connection.js';
import { CommitMeter } from './commit-meter.js';
import { fromErrorReply } from './error-reply.js';
import { GroupCommitter, type Request } from './group-committer.js';
import type { ArgsOf, Operations, ResultOf } from './operation.js';
import type { Observer, RunOptions, Writer } from './writer.js';

/**
 * Runs operations on the calling thread: for a database in memory, which no other thread could open and where
 * there is neither a disk nor another process to wait for.
 */
export class InlineWriter<Ops extends Operations> implements Writer<Ops> {
  readonly refusal = null;
  readonly failure = null;
  readonly meter = new CommitMeter();
  readonly #committer: GroupCommitter;
  readonly #clock: Clock;
  readonly #onCommit: () => void;
  readonly #observer: Observer | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(
    connection: Connection,
    operations: Ops,
    clock: Clock,
    onCommit: () => void,
    observer?: Observer,
  ) {
    this.#committer = new GroupCommitter(connection, operations, undefined, observer !== undefined);
    this.#observer = observer;
    this.#clock = clock;
    this.#onCommit = onCommit;
  }

  async run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    { by }: RunOptions = {},
  ): Promise<ResultOf<Ops[Name]>> {
    if (this.#closed) throw new SpooliteError('NOT_READY', 'The storage is closed');
    const request: Request = { id: 0, name, args, by };
    this.#committer.tryBegin(this.#clock.now());
    const { replies, changed, news } = this.meter.measure(1, () => this.#committer.commit([request]));
    if (changed) this.#onCommit();
    if (news.length > 0) this.#observer?.(news);
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

  /** What is in memory ends with the process. */
  runLast(): void {
    void this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
  }
}
