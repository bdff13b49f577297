// `spoolite serve`, or `dev` where a handlers module is given, with a disk that is full for as long as there is a file `<database>-full`.

import { createLogger } from '../../dist/app/logger.js';
import { createApp } from '../../dist/index.js';

const [, , database, handlersModule] = process.argv;
const handlers = handlersModule ? (await import(handlersModule)).default : {};
const app = createApp({
  database,
  handlers,
  logger: createLogger({ logLevel: 'info', logFormat: 'json' }),
  writerThread: new URL('./full-disk-writer-thread.js', import.meta.url),
});
console.log(`listening on ${await app.start({ port: 0 })}`);
process.once('SIGTERM', () => app.stop());
