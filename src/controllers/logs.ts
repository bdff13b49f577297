import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { JsonValue } from '../core/json.js';
import { LEASE_LIMITS, TEXT_LIMITS } from '../core/limits.js';
import { LOG_LEVELS, type LogLevel } from '../core/task-log.js';
import { messageText } from '../core/text.js';
import type { LogRepository } from '../repositories/log-repository.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { type LogListQuery, logEntryJson, logListQuery, readLog } from '../services/task-log.js';
import { Schema } from '../validation/schema.js';
import { type TaskParams, taskIdOf, taskParams } from '../validation/task-id.js';
import { freeText, smallJsonValue } from '../validation/values.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { leaseToken } from './leases.js';
import type { OwnUrls } from './own-urls.js';
import { anything, instant, integer, resource, text } from './resource-fields.js';
import { jsonArray, nullableJsonText, sendCounted } from './respond.js';
import { arrayOf, named, type Route, type RouteDocs } from './route.js';
import { emptyReply, examples, jsonReply } from './route-docs.js';

interface AppendBody {
  lease_token: string;
  entries: { level: LogLevel; message: string; details: JsonValue }[];
}

/** A task's log: its transitions and the entries of its handlers. */
export class LogController {
  readonly #logs: LogRepository;
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(logs: LogRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#logs = logs;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async (
    { params, query }: { params: TaskParams; query: LogListQuery },
    res: HttpResponse,
  ): Promise<void> => {
    const taskId = taskIdOf(params);
    await this.#budget.room(res);
    const { entries, next } = await readLog(this.#logs, taskId, query);
    this.#urls.linkToNext(res, next);
    sendCounted(res, jsonArray(entries.map(logEntryJson)), this.#budget);
  };

  append = async (
    { params, body }: { params: TaskParams; body: AppendBody },
    res: HttpResponse,
  ): Promise<void> => {
    const entries = body.entries.map(({ level, message, details }) => ({
      level,
      message: messageText(message),
      details: nullableJsonText(details),
    }));
    const lease = { id: taskIdOf(params), leaseToken: body.lease_token };
    await this.#logs.append(lease, entries, actorOf(res));
    res.statusCode = 202;
    res.setHeader('Content-Length', 0);
    res.end();
  };
}

const path = '/api/queue/tasks/:task_id/logs';

const entry = Schema.body({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .required()
    .description('Severity.'),
  message: freeText()
    .required()
    .description('What happened, for people. Longer than 10,000 characters is truncated, with a mark.'),
  details: smallJsonValue(TEXT_LIMITS.logDetails).description(
    'Any JSON value that goes with it, up to 64 kB as JSON.',
  ),
}).meta({ name: 'NewLogEntry' });

export const logAppendBody = Schema.body({
  lease_token: leaseToken,
  entries: Schema.list()
    .items(entry)
    .min(1)
    .max(LEASE_LIMITS.logEntries)
    .required()
    .description('Appended in this order.'),
})
  .meta({ name: 'NewLogEntries' })
  .required();

const logEntrySchema = named(
  'LogEntry',
  resource('A transition of a task, or a message of its handler.', {
    log_id: integer('Its number; larger than that of every entry before.', { minimum: 1 }),
    at_utc: instant('When it happened.'),
    level: text('Severity.', { enum: LOG_LEVELS }),
    message: text('What happened, for people.'),
    details: anything('Any JSON value that goes with it, or null.'),
    attempt: integer('The attempt; 0 before the first.'),
  }),
);

const list: RouteDocs = {
  operationId: 'listTaskLogs',
  tag: 'tasks',
  summary: 'Read the log of a task',
  description:
    'Its transitions and the messages of its handlers, oldest first. `Link` leads to the next page; large entries make a page shorter.',
  replies: {
    200: jsonReply(
      'The entries.',
      arrayOf(logEntrySchema),
      {
        'Two entries': [
          {
            log_id: 1,
            at_utc: '2025-11-05T19:36:00.000Z',
            level: 'info',
            message: 'Claimed by worker-001',
            details: null,
            attempt: 1,
          },
          {
            log_id: 2,
            at_utc: '2025-11-05T19:36:01.000Z',
            level: 'warning',
            message: 'The file has no sound',
            details: { tracks: 1 },
            attempt: 1,
          },
        ],
      },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

const append: RouteDocs = {
  operationId: 'appendTaskLogs',
  tag: 'workers',
  summary: 'Write to the log of a task',
  description: 'Appends messages of a handler, in order.',
  bodies: examples({
    'One entry': {
      lease_token: EXAMPLE_TASKS.claimed.lease_token,
      entries: [{ level: 'warning', message: 'The file has no sound', details: { tracks: 1 } }],
    },
  }),
  replies: { 202: emptyReply('The entries are stored.') },
  errors: ['LEASE_LOST'],
};

export const logRoutes = (logs: LogController): Route[] => [
  {
    method: 'get',
    path,
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { params: taskParams, query: logListQuery },
    docs: list,
    handle: logs.list,
  },
  {
    method: 'post',
    path,
    scopes: ['work'],
    rateLimit: 'writes',
    schemas: { params: taskParams, body: logAppendBody },
    docs: append,
    handle: logs.append,
  },
];
