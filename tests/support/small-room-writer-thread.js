// A writer thread whose database cannot grow by more than a few pages for as long as there is a file `<database>-tight`: small
// writes are stored then, and large ones are refused.
import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { runWriterThread } from '../../dist/db/sqlite/run-writer-thread.js';
import { sqliteOperations } from '../../dist/repositories/sqlite/operations/index.js';

const FEW_PAGES = 10;
const NO_LIMIT = 4_294_967_294;
const tight = `${workerData.file}-tight`;

runWriterThread(sqliteOperations(), {
  opened(client) {
    let isTight = false;
    const look = () => {
      if (existsSync(tight) === isTight) return;
      isTight = !isTight;
      const pages = client.pragma('page_count', { simple: true });
      client.pragma(`max_page_count = ${isTight ? pages + FEW_PAGES : NO_LIMIT}`);
    };
    look();
    setInterval(look, 2).unref();
  },
});
