// Opens the database file that each message names, reads it and closes it; answers what came of it. A message with
// `fully` opens all that belongs to a storage, its writer thread included.

import { openSqliteStorage } from '../../dist/app/open-sqlite-storage.js';
import { systemClock } from '../../dist/core/clock.js';
import { openForWriting } from '../../dist/db/sqlite/connection.js';
import { migrate } from '../../dist/db/sqlite/migrate.js';

function prepare(file) {
  const { client } = openForWriting(file, 'full');
  migrate(client);
  const tasks = client.prepare('select count(*) from tasks').pluck().get();
  client.close();
  return tasks;
}

async function open(file) {
  const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
  const { ids } = await storage.repositories.tasks.listIds({}, 1);
  await storage.close();
  return ids.length;
}

process.on('message', async ({ file, fully }) => {
  try {
    process.send({ tasks: fully ? await open(file) : prepare(file) });
  } catch (error) {
    process.send({ error: `${error.name}: ${error.message}` });
  }
});
process.send('ready');
