// A worker process on the database file that is named: each task of type `count` writes its id into a file of this
// process. When it is told to stop, it does, and answers every warning and error it has logged.
import { appendFileSync } from 'node:fs';
import { pino } from 'pino';
import { createWorker } from '../../dist/index.js';

const [, , database, record, concurrency] = process.argv;
const complaints = [];
const logger = pino({ level: 'warn' }, { write: (line) => complaints.push(line) });
const worker = createWorker({
  database,
  logger,
  concurrency: Number(concurrency),
  handlers: { count: ({ taskId }) => appendFileSync(record, `${taskId}\n`) },
});

process.once('message', async () => {
  await worker.stop();
  process.send({ complaints });
  process.disconnect();
});
await worker.start();
process.send('ready');
