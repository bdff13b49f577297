import type { Response } from 'supertest';
import type { TestApp } from './test-app.js';

const BASE = '/api/queue';

/** The reply's body; throws when its status is not the expected one, saying what came instead. */
function bodyOf(response: Response, status: number) {
  if (response.status === status) return response.body;
  throw new Error(`${response.status} instead of ${status}: ${response.text}`);
}

/** Calls of the API that must succeed, as tests need them again and again. */
export const api = {
  /** Enqueues a task and returns its id. */
  async enqueue({ http }: TestApp, fields: object = {}): Promise<number> {
    const body = { type: 'mail', ...fields };
    return bodyOf(await http.post(`${BASE}/enqueue`).send(body), 201).task_id;
  },

  async task({ http }: TestApp, id: number) {
    return bodyOf(await http.get(`${BASE}/tasks/${id}`), 200);
  },

  async list({ http }: TestApp, query = '') {
    return bodyOf(await http.get(`${BASE}/tasks${query}`), 200);
  },

  async claim({ http }: TestApp, fields: object = {}) {
    const body = { worker_id: 'worker-1', ...fields };
    return bodyOf(await http.post(`${BASE}/claims`).send(body), 200).tasks;
  },

  /** Says something about a claimed task: heartbeat, complete, fail, release. */
  async tell(
    { http }: TestApp,
    action: string,
    { task_id, lease_token }: { task_id: number; lease_token: string },
    fields: object = {},
  ) {
    const request = http.post(`${BASE}/tasks/${task_id}/${action}`);
    return bodyOf(await request.send({ lease_token, ...fields }), 200);
  },

  async workers({ http }: TestApp) {
    return bodyOf(await http.get(`${BASE}/workers`), 200);
  },

  async stats({ http }: TestApp) {
    return bodyOf(await http.get(`${BASE}/stats`), 200);
  },

  async logs({ http }: TestApp, id: number, query = '') {
    return bodyOf(await http.get(`${BASE}/tasks/${id}/logs${query}`), 200);
  },
};
