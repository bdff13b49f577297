import { LEASE_LIMITS } from '../../domain/lease-limits.js';
import { POLL_LIMITS } from '../../domain/poll-limits.js';
import { STRATEGIES } from '../../domain/strategy.js';
import { jsonObject, jsonValue } from './json-values.js';
import { integer, number } from './numbers.js';
import { Schema } from './schema.js';
import { freeText, name } from './texts.js';

export const claimBody = Schema.body({
  worker_id: name().required(),
  types: Schema.list().items(name()).min(1).max(LEASE_LIMITS.types),
  capabilities: jsonObject().default({}),
  limit: integer({ min: 1, ...LEASE_LIMITS.claim }),
  lease_seconds: number(LEASE_LIMITS.leaseSeconds).default(LEASE_LIMITS.leaseSeconds.default),
  strategy: Schema.string()
    .valid(...STRATEGIES)
    .default(STRATEGIES[0]),
  wait: number(POLL_LIMITS.waitSeconds).default(0),
}).required();

const leaseToken = Schema.string().required();

export const heartbeatBody = Schema.body({
  lease_token: leaseToken,
  lease_seconds: number(LEASE_LIMITS.leaseSeconds),
  progress: number({ min: 0, max: 100 }),
  progress_message: freeText(),
}).required();

export const completeBody = Schema.body({ lease_token: leaseToken, result: jsonValue() }).required();

export const failBody = Schema.body({
  lease_token: leaseToken,
  error_message: freeText().required(),
  retry: Schema.boolean().strict().default(true),
  retry_after_seconds: number(LEASE_LIMITS.retryAfterSeconds),
}).required();

export const releaseBody = Schema.body({ lease_token: leaseToken }).required();
