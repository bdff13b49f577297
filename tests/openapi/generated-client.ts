import createClient from 'openapi-fetch';
import type { components, paths } from './generated/api.js';

type Task = components['schemas']['Task'];

/** Argument of the program that runs this: the address of a server with the example handlers. */
declare const process: { argv: string[] };

const baseUrl = process.argv[2] as string;

/** How the document says that lists are written; what it does not say is as OpenAPI has it. */
async function listStyle() {
  const document = await (await fetch(`${baseUrl}/openapi.json`)).json();
  const { parameters } = document.paths['/api/queue/tasks'].get;
  const { style = 'form', explode = style === 'form' } = parameters.find(
    ({ name }: { name: string }) => name === 'ids',
  );
  return { style, explode };
}

const queue = createClient<paths>({ baseUrl, querySerializer: { array: await listStyle() } });

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`Not so: ${what}`);
}

/** Asks with the tag of the answer before until the task is done; resolves to every state that was seen. */
async function poll(task_id: number): Promise<Task[]> {
  const seen: Task[] = [];
  let tag: string | undefined;
  for (;;) {
    const { data, response } = await queue.GET('/api/queue/tasks/{task_id}', {
      params: {
        path: { task_id },
        // The first time as it is; then as soon as it has changed.
        ...(tag !== undefined && { query: { wait: 10 }, header: { 'If-None-Match': tag } }),
      },
    });
    tag = response.headers.get('ETag') ?? undefined;
    if (data) seen.push(data);
    if (data?.done) return seen;
  }
}

const { data: enqueued, error } = await queue.POST('/api/queue/enqueue', {
  params: { header: { 'Idempotency-Key': 'generated-client' } },
  body: { type: 'countdown', payload: { seconds: 1 } },
});
check(error === undefined, 'the task is enqueued');
check(enqueued.status === 'queued', 'it is queued');

const states = await poll(enqueued.task_id);
const last = states.at(-1);
check(last?.status === 'completed' && last.progress === 100, 'it is completed');
check(JSON.stringify(last.result) === '{"counted_from":1}', 'it has its result');
check(
  states.some(({ status }) => status === 'processing'),
  'it was seen while it was being worked on',
);

const { data: another } = await queue.POST('/api/queue/enqueue', { body: { type: 'countdown' } });
const ids = [enqueued.task_id, another?.task_id as number];
const { data: list } = await queue.GET('/api/queue/tasks', { params: { query: { ids } } });
check(list?.map(({ task_id }) => task_id).join() === ids.join(), 'a list of ids is written with commas');

const { error: refused, response } = await queue.POST('/api/queue/enqueue', {
  // @ts-expect-error: the priority is a number
  body: { type: 'countdown', priority: 'high' },
});
check(response.status === 422 && refused?.error_code === 'VALIDATION_FAILED', 'a wrong request is refused');
check(refused.errors?.[0]?.pointer === '/priority', 'the error says where');

// @ts-expect-error: there is no such status
check(last.status !== 'stuck', 'statuses are known');

console.log(`Task ${enqueued.task_id}: ${states.map(({ status }) => status).join(' → ')}`);
