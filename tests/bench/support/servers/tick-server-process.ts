import { createLogger } from '../../../../src/app/logger.js';
import { DEFAULTS } from '../../../../src/config/options.js';
import { systemClock } from '../../../../src/core/clock.js';
import { type Connection, openForReading, openForWriting } from '../../../../src/db/sqlite/connection.js';
import { GroupCommitter } from '../../../../src/db/sqlite/group-committer.js';
import { migrate } from '../../../../src/db/sqlite/migrate.js';
import { NO_SHARING } from '../../../../src/db/sqlite/snapshot.js';
import { CommitMeter } from '../../../../src/db/writer/commit-meter.js';
import { fromErrorReply, type WriteRequest } from '../../../../src/db/writer/messages.js';
import type { ArgsOf, Operations, ResultOf, Writer } from '../../../../src/db/writer/writer.js';
import { createHttp } from '../../../../src/http/create-http.js';
import { HttpServer } from '../../../../src/http/http-server.js';
import { SqliteAuditLogRepository } from '../../../../src/repositories/sqlite/audit-log-repository.js';
import { SqliteChangeRepository } from '../../../../src/repositories/sqlite/change-repository.js';
import { SqliteKeyRepository } from '../../../../src/repositories/sqlite/key-repository.js';
import { SqliteLeaseRepository } from '../../../../src/repositories/sqlite/lease-repository.js';
import { SqliteLogRepository } from '../../../../src/repositories/sqlite/log-repository.js';
import { SqliteMetricsRepository } from '../../../../src/repositories/sqlite/metrics-repository.js';
import { sqliteOperations } from '../../../../src/repositories/sqlite/operations/index.js';
import { SqliteRetentionRepository } from '../../../../src/repositories/sqlite/retention-repository.js';
import { SqliteStatsRepository } from '../../../../src/repositories/sqlite/stats-repository.js';
import {
  SqliteBulkRepository,
  SqliteTaskRepository,
} from '../../../../src/repositories/sqlite/task-repository.js';
import { SqliteWorkerRepository } from '../../../../src/repositories/sqlite/worker-repository.js';
import { WriteCheck } from '../../../../src/repositories/sqlite/write-check.js';
import { exposeToParent } from '../processes/child-functions.js';
import { block } from './disk.js';

interface Waiting {
  request: WriteRequest;
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

interface TickServerOptions {
  database: string;
  fsyncMs: number;
}

/** The server on the design that was not chosen: {@link TickWriter}. */
const functions = {
  start({ database, fsyncMs }: TickServerOptions): Promise<string> {
    const connection = openForWriting(database, 'full');
    migrate(connection.client);
    const reader = openForReading(database);
    const writer = new TickWriter(connection, sqliteOperations(), () => block(fsyncMs));
    const http = createHttp({
      repositories: {
        tasks: new SqliteTaskRepository(reader, writer, NO_SHARING, systemClock),
        bulk: new SqliteBulkRepository(reader, writer),
        changes: new SqliteChangeRepository(reader),
        leases: new SqliteLeaseRepository(reader, writer, new WriteCheck(database, writer), systemClock),
        logs: new SqliteLogRepository(reader, writer),
        workers: new SqliteWorkerRepository(reader, writer, systemClock),
        stats: new SqliteStatsRepository(reader, systemClock),
        retention: new SqliteRetentionRepository(writer),
        metrics: new SqliteMetricsRepository(database, {
          reader,
          writer,
          snapshot: NO_SHARING,
          clock: systemClock,
        }),
        keys: new SqliteKeyRepository(reader, writer, () => undefined),
        auditLog: new SqliteAuditLogRepository(reader),
      },
      clock: systemClock,
      logger: createLogger({ logLevel: 'info', logFormat: 'json' }),
      version: 'bench',
      settings: DEFAULTS,
      readiness: async () => ({}),
      onCommit: () => () => undefined,
    });
    return new HttpServer(http, {
      onError(error) {
        throw error;
      },
    }).listen('127.0.0.1', 0);
  },
};
export type TickServerFunctions = typeof functions;

exposeToParent(functions);
