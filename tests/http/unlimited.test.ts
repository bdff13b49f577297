import { expect, test } from '@jest/globals';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

test('without limits nobody is limited, told of limits, or believed to be somebody else', async () => {
  const id = await api.enqueue(app());
  for (let i = 0; i < 200; i++) {
    const { status, headers } = await app().http.get(`/api/queue/tasks/${id}`);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('ratelimit');
    expect(headers).not.toHaveProperty('ratelimit-policy');
  }
  await app().http.post(`/api/queue/tasks/${id}/cancel`).set('X-Forwarded-For', '1.2.3.4');
  const { body } = await app().http.get('/api/audit?action=cancel');
  expect(body).toMatchObject([{ address: '127.0.0.1' }]);
});
