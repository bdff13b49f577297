import type { AccessControl, Principal } from '../auth/access-control.js';
import type { ApiKeyCache } from '../auth/api-key-cache.js';
import { isSecure } from '../auth/client-address.js';
import { endedSessionCookie, type Sessions } from '../auth/credentials.js';
import type { HttpResponse } from '../auth/exchange.js';
import { SCOPES } from '../core/access.js';
import { MAX_KEY_NAME } from '../core/api-key.js';
import type { Clock } from '../core/clock.js';
import { formatInstant } from '../core/instant.js';
import { TASK_LIMITS } from '../core/limits.js';
import type { AuditEntry, AuditLogRepository } from '../repositories/audit-log-repository.js';
import { PagedList } from '../services/paged-list.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { pageCursor, query, queryInteger } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { freeText } from '../validation/values.js';
import type { OwnUrls } from './own-urls.js';
import { flag, instant, integer, list, nullable, object, resource, text } from './resource-fields.js';
import { sendCounted, sendJson } from './respond.js';
import { arrayOf, named, type Route, type RouteDocs } from './route.js';
import { emptyReply, examples, jsonReply } from './route-docs.js';

/** The session for pages; without a principal (`null`), none is signed in. */
const sessionResource = (access: Principal | null, isOpen: boolean) => ({
  key_required: !isOpen,
  name: access?.key?.name ?? null,
  scopes: access?.scopes ?? [],
  sees_payloads: access?.seesPayloads ?? false,
});

interface SessionParts {
  keyCache: ApiKeyCache;
  accessControl: AccessControl;
  sessions: Sessions;
  clock: Clock;
}

/** Signs browsers in, with a cookie for a key that no script can read. */
export class SessionController {
  readonly #keyCache: ApiKeyCache;
  readonly #accessControl: AccessControl;
  readonly #sessions: Sessions;
  readonly #clock: Clock;

  constructor({ keyCache, accessControl, sessions, clock }: SessionParts) {
    this.#keyCache = keyCache;
    this.#accessControl = accessControl;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  read = async (_req: unknown, res: HttpResponse): Promise<void> => {
    await this.#send(res, await this.#accessControl.whoIs(res.request));
  };

  begin = async ({ body }: { body: { key: string } }, res: HttpResponse): Promise<void> => {
    const access = await this.#accessControl.accessWithToken(body.key, res.request);
    if (access.key)
      res.setHeader(
        'Set-Cookie',
        this.#sessions.cookieFor(access.key, this.#clock.now(), isSecure(res.request)),
      );
    await this.#send(res, access);
  };

  end = async (_req: unknown, res: HttpResponse): Promise<void> => {
    res.setHeader('Set-Cookie', endedSessionCookie(isSecure(res.request)));
    res.statusCode = 204;
    res.end();
  };

  async #send(res: HttpResponse, access: Principal | null): Promise<void> {
    const isOpen = await this.#keyCache.isOpen();
    sendJson(res, 200, JSON.stringify(sessionResource(access, isOpen)));
  }
}

interface AuditListQuery {
  task_id?: number;
  actor?: string;
  action?: string;
  limit: number;
  cursor?: string;
}

const auditEntryResource = (entry: AuditEntry) => ({
  audit_id: entry.id,
  at_utc: formatInstant(entry.at),
  actor: entry.name,
  address: entry.address,
  request_id: entry.requestId,
  action: entry.action,
  task_id: entry.taskId,
  outcome: entry.outcome,
  details: entry.details === null ? null : JSON.parse(entry.details),
});

/** The audit log, for administrators. The API cannot change or delete it. */
export class AuditLogController {
  readonly #log: AuditLogRepository;
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(log: AuditLogRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#log = log;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async ({ query }: { query: AuditListQuery }, res: HttpResponse): Promise<void> => {
    const { task_id, actor, action, limit, cursor } = query;
    const list = new PagedList('/api/audit', { task_id: task_id?.toString(), actor, action });
    const beforeId = list.positionOf(cursor);
    await this.#budget.room(res);
    const { entries, nextBeforeId } = await this.#log.list({
      taskId: task_id,
      actor,
      action,
      limit,
      beforeId,
    });
    this.#urls.linkToNext(res, list.next(nextBeforeId, limit));
    sendCounted(res, JSON.stringify(entries.map(auditEntryResource)), this.#budget);
  };
}

interface AccessControllers {
  auditLog: AuditLogController;
  sessions: SessionController;
}

export const auditListQuery = query({
  task_id: Schema.number().integer().min(1).description('Only actions on this task alone.').example(1),
  actor: Schema.string().max(MAX_KEY_NAME).description('Only actions of this key.').example('ci'),
  action: Schema.string().max(MAX_KEY_NAME).description('Only actions of this name.').example('cancel'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most entries on one page.'),
  cursor: pageCursor(),
});

export const signInBody = Schema.body({
  key: freeText().required().description('The key to sign in with.'),
})
  .meta({ name: 'SignIn' })
  .required();

const auditEntrySchema = named(
  'AuditEntry',
  resource('A change, or a request for one.', {
    audit_id: integer('Its number; larger than that of every entry before.', { minimum: 1 }),
    at_utc: instant('When it was stored.'),
    actor: text('The name of the key; `anonymous` without one; `cli:` and a user for a command on the file.'),
    address: nullable(text('Where the request came from; null for a command on the file.')),
    request_id: nullable(text('The id of the request; null for a command on the file.')),
    action: text('The requested action.', { examples: ['enqueue', 'cancel', 'retry', 'keys.create'] }),
    task_id: nullable(integer('The task, where it is about one.', { minimum: 1 })),
    outcome: text('Its outcome.', { examples: ['created', 'cancelled', 'already completed'] }),
    details: nullable(object('Other details, such as how many tasks a batch had.')),
  }),
);

const sessionSchema = named(
  'Session',
  resource('Who a browser is signed in as.', {
    key_required: flag('Whether this server asks for a key.'),
    name: nullable(text('The name of the key; null where none is needed, or none is good.')),
    scopes: list('What the key permits.', text('A scope.', { enum: SCOPES })),
    sees_payloads: flag('Whether payloads and results are shown.'),
  }),
);

const signedIn = { key_required: true, name: 'ci', scopes: ['enqueue', 'read'], sees_payloads: true };

const audit: RouteDocs = {
  operationId: 'listAuditEntries',
  tag: 'operating',
  summary: 'Read the audit log',
  description:
    'Newest first: every change through the API or a command, stored in the same commit. Reports of workers on their attempts are in the logs of the tasks. A page of large entries may be shorter than its limit. `Link` leads to the next page; with a filter that rarely matches, a page may be short or empty without being the last. The API cannot change the log; only retention shortens it.',
  replies: {
    200: jsonReply(
      'The entries.',
      arrayOf(auditEntrySchema),
      {
        'A cancelled task': [
          {
            audit_id: 7,
            at_utc: '2025-11-05T19:36:00.000Z',
            actor: 'ci',
            address: '192.0.2.7',
            request_id: 'c0ffee-1',
            action: 'cancel',
            task_id: 1,
            outcome: 'cancelled',
            details: null,
          },
        ],
      },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

const session: RouteDocs = {
  operationId: 'getSession',
  tag: 'operating',
  summary: 'Read the session: whether a key is required, and which one is signed in',
  description: 'For pages: judged by the key or the cookie of the request.',
  replies: {
    200: jsonReply('The session.', sessionSchema, {
      'Signed in': signedIn,
      'No key is needed': { key_required: false, name: null, scopes: ['admin'], sees_payloads: true },
    }),
  },
};

const signIn: RouteDocs = {
  operationId: 'signIn',
  tag: 'operating',
  summary: 'Sign a browser in',
  description:
    'Sets a cookie that no script can read and no other site can use; it lasts twelve hours, and no longer than the key. Programs send their key with each request instead.',
  bodies: examples({ 'A key': { key: 'spool_1234567890123456789012345678901234567890123' } }),
  replies: { 200: jsonReply('Signed in.', sessionSchema, { 'Signed in': signedIn }, ['SetCookie']) },
  errors: ['UNAUTHENTICATED'],
};

const signOut: RouteDocs = {
  operationId: 'signOut',
  tag: 'operating',
  summary: 'Sign a browser out',
  description: 'Deletes the cookie.',
  replies: { 204: emptyReply('Signed out.', ['SetCookie']) },
};

export const accessRoutes = ({ auditLog, sessions }: AccessControllers): Route[] => [
  {
    method: 'get',
    path: '/api/audit',
    scopes: ['admin'],
    rateLimit: 'reads',
    schemas: { query: auditListQuery },
    docs: audit,
    handle: auditLog.list,
  },
  {
    method: 'get',
    path: '/api/session',
    scopes: [],
    rateLimit: 'none',
    docs: session,
    handle: sessions.read,
  },
  {
    method: 'post',
    path: '/api/session',
    scopes: [],
    rateLimit: 'writes',
    schemas: { body: signInBody },
    // The sender is not authenticated yet.
    bodyLimit: 4096,
    docs: signIn,
    handle: sessions.begin,
  },
  {
    method: 'delete',
    path: '/api/session',
    scopes: [],
    rateLimit: 'none',
    docs: signOut,
    handle: sessions.end,
  },
];
