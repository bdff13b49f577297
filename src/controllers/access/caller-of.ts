import type { ServerResponse } from 'node:http';
import type { Caller } from '../../domain/caller.js';
import { requestIdOf } from '../request-id-of.js';
import { accessOf, addressOf } from './access.js';

/** Who asks for what `res` will answer. */
export const callerOf = (res: ServerResponse): Caller => ({
  name: accessOf(res).name,
  address: addressOf(res),
  requestId: requestIdOf(res),
});
