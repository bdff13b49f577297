import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../src/core/clock.js';
import { openForWriting } from '../../src/db/sqlite/connection.js';
import { migrate } from '../../src/db/sqlite/migrate.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask, QueueUnderTest } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

/** A queue on a file, and that file as SQLite sees it. */
function queueOnFile() {
  const file = `${scratchFolder()}/queue.db`;
  const queue = new QueueUnderTest((clock) => openOnFile(clock, file));
  const { client } = openForWriting(file, 'normal');
  onTestEnd(() => client.close());
  return { queue, client };
}

describe('the requirement by which a lane is found', () => {
  test('is the rarest: a worker of one region and tenant looks at few of thousands', async () => {
    const { queue, client } = queueOnFile();
    await queue.tasks.enqueueMany(
      Array.from({ length: 1_000 }, (_, tenant) => newTask({ compatibility: { region: 'eu', tenant } })),
    );
    const most = 'select max(c) from (select count(*) as c from lanes where due > 0 group by requirement)';
    expect(client.prepare(most).pluck().get()).toBe(1);
    const capabilities = { region: 'eu', tenant: [17, 0] };
    expect(await queue.claimedIds({ capabilities, limit: 10 })).toEqual([1, 18]);
  });

  test.each([
    ['nothing is demanded', {}, ''],
    ['what is demanded asks nothing', { region: null, tools: [] }, ''],
    ['one thing is demanded', { tenant: 17 }, '"tenant":17'],
    ['something of an array', { tools: ['a'] }, '"tools":"a"'],
  ])('%s', async (_, compatibility, expected) => {
    const { queue, client } = queueOnFile();
    await queue.enqueue({ compatibility });
    expect(client.prepare('select requirement from lanes').pluck().get()).toBe(expected);
  });

  test('of lanes of an older file is known after the upgrade, or the lane is looked at by all', async () => {
    const file = `${scratchFolder()}/queue.db`;
    const { client } = openForWriting(file, 'normal');
    migrate(client);
    client.exec(`
      drop index lanes_due_requirement; alter table lanes drop column requirement;
      create index lanes_due_of_type on lanes (type) where due > 0;
      delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations);
      insert into lanes (type, priority, compatibility, due) values
        ('mail', 1, '{}', 1), ('mail', 1, '{"tenant":17}', 1), ('mail', 1, '{"tools":["a"]}', 1),
        ('mail', 1, '{"region":null}', 1), ('mail', 1, '{"a":1,"b":{"c":2}}', 1), ('mail', 1, '{"b":{"c":2}}', 1);
    `);
    client.close();
    await openOnFile(new ManualClock(), file).close();
    const upgraded = openForWriting(file, 'normal').client;
    onTestEnd(() => upgraded.close());
    expect(upgraded.prepare('select requirement from lanes order by id').pluck().all()).toEqual([
      '',
      '"tenant":17',
      '',
      '',
      '',
      '"b":{"c":2}',
    ]);
  });
});
