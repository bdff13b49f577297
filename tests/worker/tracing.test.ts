import { expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { createApp, ManualClock, Rejected } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { steppedQueue } from '../support/test-queue.js';
import { Gate } from '../support/waiting.js';
import { recordedSpans } from './recorded-spans.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const spans = recordedSpans();

/** The only span of a name. */
function only(name: string) {
  const [span, ...more] = spans(name);
  expect(more).toEqual([]);
  return span!;
}

test('a handler runs in a span of its own, linked to that of the caller', async () => {
  const { queue } = steppedQueue();
  const worker = queue.worker({
    mail: () => trace.getTracer('own').startActiveSpan('query', (span) => span.end()),
  });
  const id = await queue.enqueue({ type: 'mail', traceparent: TRACEPARENT });
  await worker.runOnce();

  const span = only('mail');
  expect(span.kind).toBe(SpanKind.CONSUMER);
  expect(span.parentSpanContext).toBeUndefined();
  expect(span.links.map(({ context }) => context)).toEqual([
    {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    },
  ]);
  expect(span.attributes).toEqual({
    'messaging.system': 'spoolite',
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'mail',
    'messaging.message.id': String(id),
    'spoolite.task.attempt': 1,
    'spoolite.task.outcome': 'completed',
  });
  expect(span.status.code).toBe(SpanStatusCode.UNSET);

  const inner = only('query').parentSpanContext;
  expect([inner?.traceId, inner?.spanId]).toEqual([span.spanContext().traceId, span.spanContext().spanId]);
});

test('it is no child of whatever is active where the worker is stepped', async () => {
  const { queue } = steppedQueue();
  const worker = queue.worker({ mail: () => null });
  await queue.enqueue({ type: 'mail' });
  await trace.getTracer('own').startActiveSpan('outside', async (span) => {
    await worker.runOnce();
    span.end();
  });
  expect(only('mail').parentSpanContext).toBeUndefined();
  expect(only('mail').links).toEqual([]);
  expect(only('mail').spanContext().traceId).not.toBe(only('outside').spanContext().traceId);
});

test('each attempt has its span, and what was thrown is recorded', async () => {
  const { clock, queue } = steppedQueue();
  const worker = queue.worker({
    flaky(task) {
      if (task.attempts === 1) throw new TypeError('no route');
      throw new Rejected('no use');
    },
  });
  await queue.enqueue({ type: 'flaky', traceparent: TRACEPARENT });
  await worker.runOnce();
  clock.advance(600_000);
  await worker.runOnce();

  const told = spans('flaky').map(({ attributes, status, events, links }) => ({
    attempt: attributes['spoolite.task.attempt'],
    outcome: attributes['spoolite.task.outcome'],
    status,
    exceptions: events.map(({ attributes: of }) => [of?.['exception.type'], of?.['exception.message']]),
    links: links.length,
  }));
  const error = (message: string) => ({ code: SpanStatusCode.ERROR, message });
  expect(told).toEqual([
    {
      attempt: 1,
      outcome: 'retried',
      status: error('no route'),
      exceptions: [['TypeError', 'no route']],
      links: 1,
    },
    {
      attempt: 2,
      outcome: 'failed',
      status: error('no use'),
      exceptions: [['Rejected', 'no use']],
      links: 1,
    },
  ]);
  expect(String(spans('flaky')[0]?.events[0]?.attributes?.['exception.stacktrace'])).toContain(
    'tracing.test',
  );
});

test('a handler whose time is over, and one that is stopped, say so', async () => {
  const { queue } = steppedQueue();
  const never = new Gate();
  const worker = queue.worker({ slow: { timeoutSeconds: 0.01, handler: () => never.passed } });
  await queue.enqueue({ type: 'slow' });
  await worker.runOnce();
  expect(only('slow').attributes['spoolite.task.outcome']).toBe('failed');
  expect(only('slow').events[0]?.attributes?.['exception.message']).toBe('Timed out after 0.01 s');

  const began = new Gate();
  const handler = () => {
    began.open();
    return never.passed;
  };
  const held = queue.worker({ held: handler }, { workerId: 'worker-b' });
  await queue.enqueue({ type: 'held' });
  const running = held.runOnce();
  await began.passed;
  await held.stop({ graceSeconds: 0 });
  await running;
  never.open();
  expect(only('held').attributes['spoolite.task.outcome']).toBe('released');
  expect(only('held').status.code).toBe(SpanStatusCode.UNSET);
});

test('what throws while it is looked at fails the attempt like anything else', async () => {
  const { queue } = steppedQueue();
  const hostile = Object.defineProperty({}, 'name', {
    get: () => {
      throw new Error('not to be read');
    },
  });
  const worker = queue.worker({
    odd() {
      throw hostile;
    },
  });
  const id = await queue.enqueue({ type: 'odd', maxAttempts: 1 });
  await worker.runOnce();
  expect((await queue.find(id)).status).toBe('failed');
  expect(only('odd').attributes['spoolite.task.outcome']).toBe('failed');
});

test('a queue in the program sends the active span, alone and in a batch', async () => {
  const app = createApp({ database: ':memory:', clock: new ManualClock(), handlers: { mail: () => null } });
  onTestEnd(() => app.stop());
  await app.queue.enqueue({ type: 'mail' });
  await trace.getTracer('own').startActiveSpan('checkout', async (span) => {
    await app.queue.enqueue({ type: 'mail' });
    await app.queue.enqueueMany([{ type: 'mail' }, { type: 'mail' }]);
    span.end();
  });
  await app.worker.runOnce();
  const { traceId, spanId } = only('checkout').spanContext();
  const links = spans('mail').map((span) =>
    span.links.map(({ context }) => [context.traceId, context.spanId]),
  );
  const linked = [[traceId, spanId]];
  expect(links).toEqual([[], linked, linked, linked]);
});

test('the trace is no part of what an idempotency key compares', async () => {
  const { queue } = steppedQueue();
  const { tasks, leases } = queue.storage.repositories;
  const asked = { type: 'mail', idempotencyKey: 'once' };
  await tasks.enqueue(newTask({ ...asked, traceparent: TRACEPARENT }));
  expect(await tasks.enqueue(newTask(asked))).toMatchObject({ id: 1, replayed: true });
  const request = { workerId: 'w', types: null, capabilities: {}, limit: 1, leaseMs: 60_000 } as const;
  const [claimed] = await leases.claim({ ...request, strategy: 'priority' });
  expect(claimed?.traceparent).toBe(TRACEPARENT);
});
