// Opens the database file that each message names, reads it and closes it; answers what came of it. A message with
// `fully` opens all that belongs to a storage, its writer thread included.
import { openForWriting } from '../../dist/db/sqlite/connection.js';
import { migrate } from '../../dist/db/sqlite/migrate.js';
import { systemClock } from '../../dist/domain/clock.js';
import { openSqliteStorage } from '../../dist/repositories/sqlite/open-sqlite-storage.js';

function prepare(file) {
  const { client } = openForWriting(file, 'full');
  migrate(client);
  const tasks = client.prepare('select count(*) from tasks').pluck().get();
  client.close();
  return tasks;
}

async function open(file) {
  const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
  const { length } = (await storage.repositories.tasks.listIds({}, 1)).ids;
  await storage.close();
  return length;
}

process.on('message', async ({ file, fully }) => {
  try {
    process.send({ tasks: fully ? await open(file) : prepare(file) });
  } catch (error) {
    process.send({ error: `${error.name}: ${error.message}` });
  }
});
process.send('ready');
