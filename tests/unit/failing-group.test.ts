import { beforeEach, describe, expect, test } from '@jest/globals';
import { SpooliteError } from '../../src/core/errors.js';
import { type Connection, openForWriting } from '../../src/db/sqlite/connection.js';
import { GroupCommitter } from '../../src/db/sqlite/group-committer.js';
import { migrate } from '../../src/db/sqlite/migrate.js';
import type { Transaction } from '../../src/db/sqlite/transaction.js';
import type { WriteRequest } from '../../src/db/writer/messages.js';
import type { Tally } from '../../src/db/writer/writer.js';
import { onTestEnd } from '../support/cleanup.js';

const GROUP = 500;

let connection: Connection;

beforeEach(() => {
  connection = openForWriting(':memory:', 'normal');
  migrate(connection.client);
  onTestEnd(() => connection.client.close());
  connection.client.exec('create table written (id integer primary key, flushed integer)');
});

/** Writes numbers, and counts them; the stale ones are refused. */
function numbers(stale: ReadonlySet<number>) {
  const calls: number[] = [];
  const operation = ({ client, addTally }: Transaction) => {
    const insert = client.prepare('insert into written (id) values (?)');
    const count = client.prepare('update written set flushed = 1 where id = ?');
    let counted: number[] = [];
    const tally: Tally = {
      flush() {
        for (const id of counted) count.run(id);
        counted = [];
      },
      discard() {
        counted = [];
      },
    };
    addTally(tally);
    const many = (all: readonly number[]): number[] => {
      calls.push(all.length);
      return all.map((id) => {
        if (stale.has(id)) throw new SpooliteError('LEASE_LOST', `${id} is stale`);
        insert.run(id);
        counted.push(id);
        return id;
      });
    };
    return Object.assign((id: number) => many([id])[0], { many });
  };
  return { calls, operation };
}

/** Commits a group of numbers; returns what the calls were about, and who was refused. */
function commit(stale: number[]) {
  const { calls, operation } = numbers(new Set(stale));
  const committer = new GroupCommitter(connection, { write: operation });
  const requests: WriteRequest[] = Array.from({ length: GROUP }, (_, id) => ({
    id,
    name: 'write',
    args: id,
  }));
  committer.tryBegin(0);
  const { replies } = committer.commit(requests);
  expect(replies.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
  const refused = replies.flatMap((reply) => ('error' in reply ? [reply.id] : []));
  const written = connection.client.prepare('select id from written where flushed = 1').pluck().all();
  expect(written).toEqual(requests.map(({ id }) => id).filter((id) => !stale.includes(id)));
  return { calls, refused };
}

describe('a group in which something fails', () => {
  test.each([0, 1, 250, 499])('stays together but for the one that fails, which is number %d', (stale) => {
    const { calls, refused } = commit([stale]);
    expect(refused).toEqual([stale]);
    // Twice as many as halvings of the group, and the group itself.
    expect(calls.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(GROUP)) + 1);
  });

  test('answers each for itself, also where several or all fail', () => {
    expect(commit([3, 4, 400]).refused).toEqual([3, 4, 400]);
    connection.client.exec('delete from written');
    const all = Array.from({ length: GROUP }, (_, id) => id);
    expect(commit(all).refused).toEqual(all);
  });
});
