import { expect, jest, test } from '@jest/globals';
import { systemClock } from '../../src/index.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp({ clock: systemClock, writesPerMinute: 1, authFailuresPerMinute: 1 });

const write = () => app().http.post('/api/queue/enqueue').send({ type: 'mail' });

test('what is spent comes back with time that passes, not with a machine’s clock that is set', async () => {
  expect((await write()).status).toBe(201);
  const later = Date.now() + 3_600_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
  try {
    const refused = await write();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  } finally {
    clock.mockRestore();
  }
});
