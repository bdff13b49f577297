import { LEASE_LIMITS } from '../../domain/lease-limits.js';
import { POLL_LIMITS } from '../../domain/poll-limits.js';
import { STRATEGIES } from '../../domain/strategy.js';
import { TEXT_LIMITS } from '../../domain/text-limits.js';
import { jsonValue, smallJsonObject } from './json-values.js';
import { integer, number } from './numbers.js';
import { Schema } from './schema.js';
import { freeText, name } from './texts.js';

export const claimBody = Schema.body({
  worker_id: name().required().description('Who claims: a name that no other worker has.'),
  types: Schema.list()
    .items(name())
    .min(1)
    .max(LEASE_LIMITS.types)
    .description('Only tasks of these types; absent is any.'),
  capabilities: smallJsonObject(TEXT_LIMITS.capabilities)
    .default({})
    .description('What this worker offers to `compatibility`; up to 64 kB as JSON.'),
  limit: integer({ min: 1, ...LEASE_LIMITS.claim }).description('Most tasks to claim.'),
  lease_seconds: number(LEASE_LIMITS.leaseSeconds)
    .default(LEASE_LIMITS.leaseSeconds.default)
    .description('How long the claim lasts without a heartbeat.'),
  strategy: Schema.string()
    .valid(...STRATEGIES)
    .default(STRATEGIES[0])
    .description('In which order to claim.'),
  wait: number(POLL_LIMITS.waitSeconds)
    .default(0)
    .description('Seconds for which the answer may be held back until there is a task.'),
})
  .meta({ name: 'Claim' })
  .required();

export const leaseToken = Schema.string()
  .required()
  .description('The proof of holding the task, as the claim gave it.');

export const heartbeatBody = Schema.body({
  lease_token: leaseToken,
  lease_seconds: number(LEASE_LIMITS.leaseSeconds).description(
    'How long the lease lasts from now; absent is as long as the claim said.',
  ),
  progress: number({ min: 0, max: 100 }).description('How far it is, in percent; absent leaves it.'),
  progress_message: freeText().description(
    'What is being done; absent leaves it. What is longer than 10,000 characters is cut, with a mark.',
  ),
})
  .meta({ name: 'Heartbeat' })
  .required();

export const completeBody = Schema.body({
  lease_token: leaseToken,
  result: jsonValue().description('The result of the task, any JSON value; absent is null.'),
})
  .meta({ name: 'Completion' })
  .required();

export const failBody = Schema.body({
  lease_token: leaseToken,
  error_message: freeText()
    .required()
    .description('What went wrong, for people. What is longer than 10,000 characters is cut, with a mark.'),
  retry: Schema.boolean().strict().default(true).description('False when trying again is no use.'),
  retry_after_seconds: number(LEASE_LIMITS.retryAfterSeconds).description(
    'When to try again; absent is the usual backoff: about 1 s, 2 s, 4 s and so on up to 5 minutes.',
  ),
})
  .meta({ name: 'Failure' })
  .required();

export const releaseBody = Schema.body({ lease_token: leaseToken }).meta({ name: 'Release' }).required();
