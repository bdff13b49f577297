import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { EventReader } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { until } from '../support/waiting.js';

// Only what makes things happen again and again; sockets and single waits go by real time.
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
});
afterEach(() => void jest.useRealTimers());

describe('the heartbeat of server-sent events', () => {
  test('comes every 15 seconds, and says how far a client that is told nothing has come', async () => {
    const server = await PollingServer.start();
    const client = new Client(server.url);
    // What listens for keys stays as long as the server.
    await client.get('/queue/stats');
    const before = jest.getTimerCount();
    const events = new EventReader(`${server.url}/api/queue/events?type=print`);
    await until(() => events.lastEventId !== '');
    const begin = events.lastEventId;
    jest.advanceTimersByTime(15_000);
    await until(() => events.comments.length === 1);
    expect(events.lastEventId).toBe(begin);

    const looks = server.calls.changes.since ?? 0;
    await client.enqueue('mail');
    await until(() => (server.calls.changes.since ?? 0) > looks);
    jest.advanceTimersByTime(15_000);
    await until(() => events.comments.length === 2);
    expect(Number(events.lastEventId)).toBeGreaterThan(Number(begin));
    expect(events.events).toEqual([]);

    await client.enqueue('print');
    expect((await events.next()).data.task_id).toBe(2);
    events.hangUp();
    await until(() => server.listeners === 0);
    const timers = jest.getTimerCount();
    expect(timers).toBe(before);
  });
});
