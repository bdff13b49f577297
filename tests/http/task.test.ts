import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

const FRESH = {
  type: 'video',
  status: 'queued',
  priority: 50,
  attempts: 0,
  max_attempts: 3,
  payload: { format: 'mp4' },
  compatibility: {},
  progress: null,
  progress_message: null,
  result: null,
  error_message: null,
  failure_reason: null,
  created_at_utc: '2025-11-05T12:00:00.000Z',
  updated_at_utc: '2025-11-05T12:00:00.000Z',
  run_after_utc: '2025-11-05T12:00:00.000Z',
  processing_started_utc: null,
  finished_at_utc: null,
  lease_until_utc: null,
  locked_by: null,
  idempotency_key: null,
  done: false,
};

describe('GET /api/queue/tasks/{task_id}', () => {
  test('answers the task resource, its fields in their order', async () => {
    const task_id = await api.enqueue(app(), {
      type: 'video',
      priority: 50,
      max_attempts: 3,
      payload: { format: 'mp4' },
    });
    const response = await app().http.get(`/api/queue/tasks/${task_id}`);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-cache');
    const outlook = { queue_position: 0, estimated_start_utc: null };
    expect(response.text).toBe(JSON.stringify({ task_id, ...FRESH, ...outlook }));
  });

  test('answers HEAD with the same headers and no body', async () => {
    const id = await api.enqueue(app());
    const path = `/api/queue/tasks/${id}`;
    const [get, head] = [await app().http.get(path), await app().http.head(path)];
    expect(head.status).toBe(200);
    expect(head.text).toBeFalsy();
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
  });

  test('returns a payload unchanged, whatever its keys', async () => {
    const payload =
      '{"__proto__":{"admin":true},"constructor":1,"toJSON":"x","a\\u2028b":"\\u0000</script>","2":1,"1":2}';
    const response = await app()
      .http.post('/api/queue/enqueue')
      .type('json')
      .send(`{"type":"a","payload":${payload}}`);
    const { text } = await app().http.get(response.headers.location as string);
    expect(text).toContain(`"payload":${JSON.stringify(JSON.parse(payload))}`);
    expect(text).toContain('{"1":2,"2":1,"__proto__":{"admin":true},"constructor":1');
  });

  test.each(['99999', '9007199254740991', '9007199254740992', '123456789012345678901234567890'])(
    'answers 404 for %s',
    async (id) => {
      const response = await app().http.get(`/api/queue/tasks/${id}`);
      expectProblem(response, 404, 'TASK_NOT_FOUND');
      expect(response.body.detail).toBe(`Task ${id} not found`);
    },
  );

  test.each(['0', '-1', '01', '+1', '1.0', '1e3', 'abc', '0x10', '%20', '1%20', '%D9%A1', '1%00'])(
    'answers 422 for %s',
    async (id) => {
      const response = await app().http.get(`/api/queue/tasks/${id}`);
      expectProblem(response, 422, 'VALIDATION_FAILED', ['/task_id']);
    },
  );
});
