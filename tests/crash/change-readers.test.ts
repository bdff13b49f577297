import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { Program, startServer } from '../support/program.js';
import { seededRandom } from '../support/queue-under-test.js';
import { eventually } from '../support/waiting.js';
import { BusyWriter } from './busy-clients.js';

const READER = fileURLToPath(new URL('../support/change-reader.mjs', import.meta.url));

const WRITERS = 8;
const KILLS = 8;
/** Of each writer, for each reader that is killed. */
const STEPS = 15;

/** What a reader has told before it was killed, and the readers after it. */
class ReaderHistory {
  readonly latest = new Map<number, object>();
  cursor = 0;

  /** Takes whole lines only: what a killed reader had half written, it has not told. */
  take(output: string): void {
    for (const line of output.split('\n').slice(0, -1)) {
      const { cursor, tasks } = JSON.parse(line);
      if (tasks.length > 0) expect(Number(cursor)).toBeGreaterThan(this.cursor);
      this.cursor = Number(cursor);
      for (const task of tasks) this.latest.set(task.task_id, task);
    }
  }
}

/** Runs a reader until it has told enough, kills it in the middle of whatever it does, and notes what it told. */
async function readOnce(
  kind: string,
  url: string,
  history: ReaderHistory,
  isEnough: (told: string) => boolean,
) {
  const reader = new Program(process.execPath, [READER, url, kind, String(history.cursor)]);
  await eventually(() => {
    if (!reader.isRunning) throw new Error(`The reader ended by itself: ${reader.output.slice(-1000)}`);
    return isEnough(reader.output);
  }, 30_000);
  await reader.kill();
  history.take(reader.output);
}

const linesIn = (text: string): number => text.split('\n').length - 1;

async function allTasks(client: Client, count: number) {
  const tasks = [];
  for (let from = 1; from <= count; from += 1000) {
    const ids = Array.from({ length: Math.min(1000, count + 1 - from) }, (_, at) => from + at);
    tasks.push(...(await client.list(`?ids=${ids}`)));
  }
  return tasks;
}

describe('a reader of changes that is killed and resumed at random while eight write', () => {
  test.each(['feed', 'events'])(
    'of the %s has the last state of every task, and none out of order',
    async (kind) => {
      const random = seededRandom(kind.length);
      const file = join(scratchFolder(), 'queue.db');
      // Killing a process loses nothing without fsync either, and the disk is not what is tested.
      const start = () => startServer(file, '--durability', 'normal');
      const clients = (await Promise.all([start(), start()])).map(({ url }) => new Client(url));
      let forReader = await start();

      const history = new ReaderHistory();
      const writers = Array.from(
        { length: WRITERS },
        (_, at) => new BusyWriter(clients[at % 2] as Client, seededRandom(100 + at)),
      );
      for (let kill = 0; kill < KILLS; kill++) {
        let isWritten = false;
        const writing = Promise.all(writers.map((writer) => writer.work(STEPS))).finally(() => {
          isWritten = true;
        });
        const lines = Math.floor(random() * 12);
        await readOnce(kind, forReader.url, history, (told) => isWritten || linesIn(told) >= lines);
        if (kill % 4 === 1) {
          await forReader.program.kill();
          forReader = await start();
        }
        await writing;
      }

      const client = clients[0] as Client;
      const last = await client.enqueue('last');
      await readOnce(kind, forReader.url, history, (told) => told.includes(`"task_id":${last},`));
      const expected = await allTasks(client, last);
      expect(expected).toHaveLength(last);
      expect(history.latest.size).toBe(last);
      for (const task of expected) expect(history.latest.get(task.task_id)).toEqual(task);
    },
    60_000,
  );
});
