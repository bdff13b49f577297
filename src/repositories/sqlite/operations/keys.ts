import { and, eq, isNull, sql } from 'drizzle-orm';
import { apiKeys } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import { keyEvent } from '../../shared/audit-events.js';
import { bound } from '../rows.js';
import { audited } from './audit.js';

export interface CreateKeyArgs {
  name: string;
  hash: string;
  /** JSON text. */
  scopes: string;
  expiresAt: number | null;
}

interface NamedKey {
  name: string;
}

/** One more than any key's version. */
const nextVersion = sql`(select coalesce(max(version), 0) + 1 from api_keys)`;

/** Takes a revision, though no task changes: that makes servers check their keys. */
const announceToServers = ({ allocateRevisions }: Transaction): void => void allocateRevisions();

const create = ((transaction) => {
  const { db, now } = transaction;
  const insert = db
    .insert(apiKeys)
    .values({
      name: bound('name'),
      hash: bound('hash'),
      scopes: bound('scopes'),
      createdAt: bound('now'),
      expiresAt: bound('expiresAt'),
      version: nextVersion,
    })
    .onConflictDoNothing({ target: apiKeys.name })
    .returning({ id: apiKeys.id })
    .prepare();
  return (args) => {
    const created = insert.get({ ...args, now: now() }) !== undefined;
    if (created) announceToServers(transaction);
    return created;
  };
}) satisfies Operation<CreateKeyArgs, boolean>;

/** Matches a key that is not revoked. */
const byName = and(eq(apiKeys.name, bound('name')), isNull(apiKeys.revokedAt));

const revoke = ((transaction) => {
  const { db, now } = transaction;
  const update = db
    .update(apiKeys)
    .set({ revokedAt: bound('now'), version: nextVersion })
    .where(byName)
    .returning({ id: apiKeys.id })
    .prepare();
  return ({ name }) => {
    const revoked = update.get({ name, now: now() }) !== undefined;
    if (revoked) announceToServers(transaction);
    return revoked;
  };
}) satisfies Operation<NamedKey, boolean>;

const rotate = ((transaction) => {
  const update = transaction.db
    .update(apiKeys)
    .set({ hash: bound('hash'), version: nextVersion })
    .where(byName)
    .returning({ id: apiKeys.id })
    .prepare();
  return ({ name, hash }) => {
    const rotated = update.get({ name, hash }) !== undefined;
    if (rotated) announceToServers(transaction);
    return rotated;
  };
}) satisfies Operation<NamedKey & { hash: string }, boolean>;

/** Stores last uses of keys: pairs of id and instant. Not announced. */
export const touchKeys = (({ db }) => {
  const update = db
    .update(apiKeys)
    .set({ lastUsedAt: bound('at') })
    .where(eq(apiKeys.id, bound('id')))
    .prepare();
  return (uses) => {
    for (const [id, at] of uses) update.run({ id, at });
    return null;
  };
}) satisfies Operation<[number, number][], null>;

/** The operations of commands on keys. Each returns whether it succeeded. */
export const keyOperations = {
  createKey: audited(create, ({ name, scopes, expiresAt }, done) =>
    keyEvent('create', done, name, { scopes: JSON.parse(scopes), expires_at: expiresAt }),
  ),
  revokeKey: audited(revoke, ({ name }, done) => keyEvent('revoke', done, name)),
  rotateKey: audited(rotate, ({ name }, done) => keyEvent('rotate', done, name)),
};
