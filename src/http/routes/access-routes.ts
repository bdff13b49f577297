import type { AuditLogController } from '../../controllers/audit-log-controller.js';
import type { SessionController } from '../../controllers/session-controller.js';
import type { Route } from '../route.js';
import { auditListQuery, signInBody } from '../schemas/access-schemas.js';
import { accessDocs } from './access-docs.js';

interface AccessControllers {
  auditLog: AuditLogController;
  sessions: SessionController;
}

export const accessRoutes = ({ auditLog, sessions }: AccessControllers): Route[] => [
  {
    method: 'get',
    path: '/api/audit',
    scopes: ['admin'],
    budget: 'reads',
    schemas: { query: auditListQuery },
    docs: accessDocs.audit,
    handle: auditLog.list,
  },
  {
    method: 'get',
    path: '/api/session',
    scopes: [],
    budget: 'none',
    docs: accessDocs.session,
    handle: sessions.read,
  },
  {
    method: 'post',
    path: '/api/session',
    scopes: [],
    budget: 'writes',
    schemas: { body: signInBody },
    // Nobody is known yet who sends it.
    bodyLimit: 4096,
    docs: accessDocs.signIn,
    handle: sessions.begin,
  },
  {
    method: 'delete',
    path: '/api/session',
    scopes: [],
    budget: 'none',
    docs: accessDocs.signOut,
    handle: sessions.end,
  },
];
