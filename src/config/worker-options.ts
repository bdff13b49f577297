import Joi from 'joi';
import type { JsonObject } from '../core/json.js';
import { STRATEGIES } from '../core/workers.js';
import { option } from './option.js';
import { jsonObject, listOf, oneOf, path, within } from './schemas.js';

/** For commands alone: a program passes the handlers themselves. */
export const HANDLERS = {
  handlers: option({
    schema: path(),
    value: 'module',
    text: 'module whose default export is the handlers object',
    unset: 'in dev, the examples',
  }),
};

/** The options of a worker. */
export const WORKER = {
  /** Tasks run at once; default 10. */
  concurrency: option({
    schema: within({ min: 1, max: 1000, integer: true }),
    default: 10,
    value: 'number',
    text: 'number of tasks to run at once',
  }),
  /** The order of claiming; default `priority`. */
  strategy: option({
    schema: oneOf(...STRATEGIES),
    default: 'priority',
    value: 'name',
    text: 'order of claiming: priority, fifo, lifo or weighted_random',
  }),
  /** Claim only these of the handlers' types; default all of them. */
  types: option({
    schema: listOf(Joi.string().trim().min(1).max(200)),
    value: 'a,b',
    text: 'claim only these types',
    unset: 'every type with a handler',
  }),
  /** What this worker offers to tasks that require it (`compatibility`). */
  capabilities: option({
    schema: jsonObject<JsonObject>(),
    default: {},
    value: 'json',
    text: 'what this worker offers, such as {"region":"us-west"}',
  }),
  /** Its name in the list of workers and on tasks. Default: host, process id and a random part. */
  workerId: option({
    schema: Joi.string().trim().max(200),
    value: 'name',
    text: 'name of the worker',
    unset: 'host, process id and a random part',
  }),
  /** How long a claim lasts without a heartbeat, in seconds; default 60. */
  leaseSeconds: option({
    schema: within({ min: 1, max: 3600 }),
    default: 60,
    value: 'number',
    text: 'how long a claim lasts without a heartbeat',
  }),
  /** How long `stop()` waits for running tasks, in seconds; default 30. */
  graceSeconds: option({
    schema: within({ min: 0, max: 86_400 }),
    default: 30,
    value: 'number',
    text: 'how long tasks and requests may take to finish on shutdown',
  }),
  /** How often to look for work even without a notification, in seconds; default 5. */
  pollSeconds: option({
    schema: within({ min: 0.01, max: 3600 }),
    default: 5,
    value: 'number',
    text: 'how often to look for work even without a notification',
  }),
  /** Time limit of an attempt in seconds, unless its type has its own; 0 is unlimited; default 3600. */
  timeoutSeconds: option({
    // 24 days: timers count milliseconds in 31 bits.
    schema: within({ min: 0, max: 24 * 86_400 }),
    default: 3600,
    value: 'number',
    text: 'how long an attempt may take, unless its handler sets its own limit; 0 is unlimited',
  }),
};
