import { setTimeout as delay } from 'node:timers/promises';
import { openSqliteStorage } from '../../../../src/app/open-sqlite-storage.js';
import { systemClock, systemRandom } from '../../../../src/core/clock.js';
import { machineNow } from '../contenders/handled.js';
import { TASK } from '../load/load.js';
import { HttpConnection } from '../load/load-run.js';
import { exposeToParent } from './child-functions.js';

/** Longest wait that a poll may ask for. */
const WAIT_SECONDS = 60;

/** Until a poll that was sent surely waits. */
const PAUSE_MS = 10;
const VARIATION_MS = 20;

const waitingPoll = (id: number): Buffer =>
  Buffer.from(`GET /api/queue/tasks/${id}?wait=${WAIT_SECONDS} HTTP/1.1\r\nHost: localhost\r\n\r\n`);

const open = (file: string) =>
  openSqliteStorage({ file, durability: 'full', clock: systemClock, random: systemRandom });

/** One connection whose answers are awaited. */
function connectTo(address: string) {
  const { hostname, port } = new URL(address);
  let answered: (at: number) => void = () => undefined;
  const connection = new HttpConnection(hostname, Number(port), () => answered(machineNow()));
  const next = () => new Promise<number>((resolve) => (answered = resolve));
  return { connection, next };
}

let waiting: HttpConnection[] = [];

/** Clients whose polls wait at a server, and a process that changes what they wait for. */
const functions = {
  /** Milliseconds from each change, acknowledged here, to the answer of the poll that waited for it elsewhere. */
  async changes(file: string, address: string, count: number): Promise<number[]> {
    const storage = open(file);
    const { tasks } = storage.repositories;
    const { connection, next } = connectTo(address);
    const milliseconds: number[] = [];
    for (let made = 0; made < count; made++) {
      const { id } = await tasks.enqueue(TASK);
      const answer = next();
      connection.send(waitingPoll(id));
      await delay(PAUSE_MS + Math.random() * VARIATION_MS);
      await tasks.cancel(id);
      const acknowledged = machineNow();
      milliseconds.push((await answer) - acknowledged);
    }
    connection.close();
    await storage.close();
    return milliseconds;
  },
  /** Opens polls that wait for a task each, and leaves them waiting. */
  async openPolls(file: string, address: string, count: number): Promise<void> {
    const storage = open(file);
    const { hostname, port } = new URL(address);
    const runAfter = Date.now() + 86_400_000;
    const tasks = await storage.repositories.tasks.enqueueMany(new Array(count).fill({ ...TASK, runAfter }));
    await storage.close();
    waiting = tasks.map(({ id }) => {
      const connection = new HttpConnection(hostname, Number(port), (status) => {
        throw new Error(`A poll that should wait was answered: ${status}`);
      });
      connection.send(waitingPoll(id));
      return connection;
    });
  },
  closePolls(): void {
    for (const connection of waiting) connection.close();
  },
};
export type WaitingFunctions = typeof functions;

exposeToParent(functions);
