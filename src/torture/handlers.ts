import { setTimeout as delay } from 'node:timers/promises';
import { type Handler, type Handlers, Rejected, RetryAfter, type Task } from '../index.js';
import { ExecutionRecorder } from './executions.js';
import { LEASE_SECONDS } from './setup.js';
import { type Behaviour, ownAttempt, TORTURE_TYPES } from './task-requests.js';

/** The handlers module of the tortured workers: it records every execution, and behaves as the payload demands. */

const recorder = new ExecutionRecorder();
const never = new Int32Array(new SharedArrayBuffer(4));

/** Twice the lease: the attempt ends long before its handler, which keeps its slot until then. */
const IGNORE_MS = 2 * 1000 * LEASE_SECONDS;

type Context = Parameters<Handler>[1];

async function misbehave({ act, ms }: Behaviour, attempt: number, signal: AbortSignal): Promise<void> {
  switch (act) {
    case 'fail':
      throw new Error(ownAttempt(attempt));
    case 'reject':
      throw new Rejected(ownAttempt(attempt));
    case 'postpone':
      throw new RetryAfter(0.2, ownAttempt(attempt));
    case 'hang':
      await delay(3_600_000, undefined, { signal });
      break;
    case 'ignore':
      await delay(IGNORE_MS);
      break;
    case 'block':
      // Blocks the thread.
      Atomics.wait(never, 0, 0, ms);
  }
}

async function behave(task: Task, { signal, progress, log }: Context): Promise<{ attempt: number }> {
  const behaviour = task.payload as unknown as Behaviour;
  if (behaviour.talk) {
    log.info('On it', { attempt: task.attempts });
    void progress(50, 'half way').catch(() => undefined);
  }
  if (behaviour.act !== 'block') await delay(behaviour.ms, undefined, { signal });
  if (task.attempts <= behaviour.times) await misbehave(behaviour, task.attempts, signal);
  return { attempt: task.attempts };
}

const handler: Handler = async (task, context) => {
  recorder.record('start', task);
  try {
    const result = await behave(task, context);
    recorder.record('return', task);
    return result;
  } catch (error) {
    recorder.record('throw', task);
    throw error;
  }
};

const retry = { baseSeconds: 0.1, factor: 2, maxSeconds: 1 };

const handlers: Handlers = {
  [TORTURE_TYPES.patient]: { handler, retry, timeoutSeconds: 30 },
  [TORTURE_TYPES.hasty]: { handler, retry, timeoutSeconds: 0.4, retryTimeouts: true },
  [TORTURE_TYPES.strict]: { handler, retry, timeoutSeconds: 0.4 },
};

export default handlers;
