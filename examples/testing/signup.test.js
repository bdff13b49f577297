// How to test a program that uses Spoolite. The queue is the real one, in memory; its worker takes a step on request,
// and its clock is moved by hand. Jest runs ES modules with: node --experimental-vm-modules node_modules/jest/bin/jest.js
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createApp, ManualClock } from 'spoolite';
import supertest from 'supertest';
import { createHandlers, createSignup } from './signup.js';

/** The only stand-in: what would leave this machine. */
class PretendMail {
  fails = false;
  sent = [];

  async send(to, text) {
    if (this.fails) throw new Error('No mail today');
    this.sent.push({ to, text });
  }
}

let clock;
let mail;
let queue;
let server;
let signup;

beforeEach(async () => {
  clock = new ManualClock();
  mail = new PretendMail();
  queue = createApp({ database: ':memory:', handlers: createHandlers(mail), clock });
  server = queue.listen(0, '127.0.0.1');
  await once(server, 'listening');
  signup = createSignup(`http://127.0.0.1:${server.address().port}`);
});

afterEach(async () => {
  server.close();
  await queue.stop();
});

const signUp = (email) => supertest(signup).post('/signups').send({ email }).expect(202);

/** The newest task of the queue, as a client sees it. */
const welcome = async () => (await supertest(queue).get('/api/queue/tasks?type=welcome&limit=1')).body[0];

test('a new user is welcomed', async () => {
  await signUp('ada@example.org');
  expect(await welcome()).toMatchObject({ status: 'queued' });

  expect(await queue.worker.runOnce()).toBe(1);
  expect(await welcome()).toMatchObject({ status: 'completed', result: { sent_to: 'ada@example.org' } });
  expect(mail.sent).toEqual([{ to: 'ada@example.org', text: 'Welcome!' }]);
});

test('a double click sends one mail', async () => {
  const [first, second] = await Promise.all([signUp('ada@example.org'), signUp('ada@example.org')]);
  expect(second.body.task_id).toBe(first.body.task_id);
  expect(await queue.worker.runOnce()).toBe(1);
});

test('a mail that could not be sent is retried', async () => {
  mail.fails = true;
  await signUp('ada@example.org');
  await queue.worker.runOnce();
  expect(await welcome()).toMatchObject({ status: 'queued', attempts: 1, error_message: 'No mail today' });

  mail.fails = false;
  expect(await queue.worker.runOnce()).toBe(0); // its time has not come
  clock.advance(2_000);
  expect(await queue.worker.runOnce()).toBe(1);
  expect(await welcome()).toMatchObject({ status: 'completed', attempts: 2 });
});

test('an invalid address is not retried', async () => {
  await signUp('ada');
  await queue.worker.runOnce();
  expect(await welcome()).toMatchObject({ status: 'failed', failure_reason: 'rejected', attempts: 1 });
});

test('without the queue, signing up is refused with 503', async () => {
  server.close();
  await supertest(signup).post('/signups').send({ email: 'ada@example.org' }).expect(503);
});
