// Handlers for workers that a test starts as processes. Each task's payload says what goes wrong: { mood, ... }.
// `trace` names a file to which each attempt appends what happens to it; `until` names a file to wait for.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Rejected } from 'spoolite';

const untilExists = async (file) => {
  while (!existsSync(file)) await delay(5);
};

const moods = {
  ok: ({ attempts }) => ({ attempts }),
  throw: () => {
    throw new Error('Thrown on purpose');
  },
  reject: () => {
    throw new Rejected('Rejected on purpose');
  },
  exit: () => process.exit(3),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  /** Keeps the event loop alive, whatever its signal says. */
  hang: () => new Promise(() => setInterval(() => {}, 60_000)),
  'hang-once': (task) => (task.attempts === 1 ? moods.hang() : moods.ok(task)),
  loop: () => {
    for (;;);
  },
  /** Keeps the CPU, and the event loop, busy until the file is there. */
  busy: ({ payload, attempts }) => {
    while (!existsSync(payload.until));
    return { attempts };
  },
  wait: async ({ payload, attempts }) => {
    await untilExists(payload.until);
    return { attempts };
  },
};

async function misbehave(task, { signal, log }) {
  const { mood, trace } = task.payload;
  const note = (text) => trace && appendFileSync(trace, `${task.taskId} ${task.attempts} ${text}\n`);
  note('started');
  log.info('Started', { pid: process.pid });
  signal.addEventListener('abort', () => note(`aborted ${signal.reason.end}: ${signal.reason.message}`));
  return moods[mood](task);
}

export default {
  misbehave,
  impatient: { handler: misbehave, timeoutSeconds: 0.5, retryTimeouts: true },
};
