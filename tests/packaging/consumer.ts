/** A user's program, compiled against the package as it is installed. `check-install.js` does that. */
import { type App, createApp, createQueue, createWorker, type Handlers, Rejected } from 'spoolite';
import { createClient, TaskFailed } from 'spoolite/client';

interface Tasks {
  add: { payload: { numbers: number[] }; result: { sum: number } };
}

const handlers: Handlers = {
  add: ({ payload }, { progress }) => {
    if (!Array.isArray(payload.numbers)) throw new Rejected('No numbers');
    progress(50);
    return { sum: 3 };
  },
};

const app: App = createApp({ database: ':memory:', handlers });
const url: string = await app.start({ port: 0 });
const client = createClient<Tasks>({ url });
const { taskId } = await client.enqueue({ type: 'add', payload: { numbers: [1, 2] } });
const { result } = await client.waitFor(taskId);
const sum: number = result.sum;

// @ts-expect-error: there is no such type of task.
export const wrongType = () => client.enqueue({ type: 'subtract', payload: {} });
// @ts-expect-error: numbers are missing.
export const wrongPayload = () => client.enqueue({ type: 'add', payload: {} });
export const others = { createQueue, createWorker, TaskFailed };

await app.stop();
console.log(`The sum is ${sum}`);
