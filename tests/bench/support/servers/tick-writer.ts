import type { Connection } from '../../../../src/db/sqlite/connection.js';
import { CommitMeter } from '../../../../src/db/sqlite/writer/commit-meter.js';
import { fromErrorReply } from '../../../../src/db/sqlite/writer/error-reply.js';
import { GroupCommitter, type Request } from '../../../../src/db/sqlite/writer/group-committer.js';
import type { ArgsOf, Operations, ResultOf } from '../../../../src/db/sqlite/writer/operation.js';
import type { Writer } from '../../../../src/db/sqlite/writer/writer.js';

interface Waiting {
  request: Request;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * The design that was not chosen: what was asked for during a turn of the event loop is committed at its end, on the
 * same thread, which waits for the disk and for other processes' locks.
 */
export class TickWriter<Ops extends Operations> implements Writer<Ops> {
  readonly refusal = null;
  readonly failure = null;
  readonly meter = new CommitMeter();
  readonly #committer: GroupCommitter;
  #waiting: Waiting[] = [];

  constructor(connection: Connection, operations: Ops, beforeCommit: () => void) {
    this.#committer = new GroupCommitter(connection, operations, beforeCommit);
  }

  run<Name extends keyof Ops & string>(name: Name, args: ArgsOf<Ops[Name]>): Promise<ResultOf<Ops[Name]>> {
    if (this.#waiting.length === 0) setImmediate(() => this.#commit());
    return new Promise((resolve, reject) => {
      const request = { id: this.#waiting.length, name, args };
      this.#waiting.push({ request, resolve: resolve as (result: unknown) => void, reject });
    });
  }

  repeat(): () => void {
    return () => undefined;
  }

  runLast(): void {}

  async close(): Promise<void> {}

  #commit(): void {
    const group = this.#waiting;
    this.#waiting = [];
    while (!this.#committer.tryBegin(Date.now()));
    for (const reply of this.#committer.commit(group.map(({ request }) => request)).replies) {
      const { resolve, reject } = group[reply.id] as Waiting;
      if ('error' in reply) reject(fromErrorReply(reply.error));
      else resolve(reply.result);
    }
  }
}
