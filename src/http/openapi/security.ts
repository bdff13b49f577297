import type { Route } from '../route.js';

/** Ways to show a key. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of this server, made by `spoolite keys create`. While there is none, none is needed.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The same key, for what cannot send the other.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'spoolite_session',
    description: 'For browsers: what signing in gives.',
  },
} as const;

/** Any of these; none while the server has no key. */
export const SECURITY = [{ bearer: [] }, { apiKey: [] }, { session: [] }, {}];

/** What an operation says of who may call it. */
export const securityOf = ({ scopes }: Route): object =>
  scopes.length === 0 ? { security: [] } : { 'x-scopes': scopes };
