import { examples } from '../openapi/examples.js';
import { arrayOf } from '../openapi/json-schema.js';
import { emptyReply, jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const signedIn = { key_required: true, name: 'ci', scopes: ['enqueue', 'read'], sees_payloads: true };

const audit: RouteDocs = {
  operationId: 'listAuditEntries',
  tag: 'operating',
  summary: 'Read who changed what',
  description:
    'Newest first: every change that people and clients made through the API or a command, stored with the change itself. What workers write about their attempts is in the logs of the tasks. A page of large entries may be shorter than its limit. `Link` leads to the next page; where what is asked for is rare, a page may be short or empty and not be the last. Nothing here changes the log; retention alone shortens it.',
  replies: {
    200: jsonReply(
      'The entries.',
      arrayOf('AuditEntry'),
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
  summary: 'Ask whether a key is needed, and who is signed in',
  description: 'For pages: by the key or the cookie that comes with the request.',
  replies: {
    200: jsonReply('How it stands.', 'Session', {
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
    'Answers with a cookie that no script can read and no other page can use; it lasts twelve hours, and no longer than the key. Programs send their key with each request instead.',
  bodies: examples({ 'A key': { key: 'spool_1234567890123456789012345678901234567890123' } }),
  replies: { 200: jsonReply('Signed in.', 'Session', { 'Signed in': signedIn }, ['SetCookie']) },
  errors: ['UNAUTHENTICATED'],
};

const signOut: RouteDocs = {
  operationId: 'signOut',
  tag: 'operating',
  summary: 'Sign a browser out',
  description: 'Takes the cookie back.',
  replies: { 204: emptyReply('Signed out.', ['SetCookie']) },
};

export const accessDocs = { audit, session, signIn, signOut };
