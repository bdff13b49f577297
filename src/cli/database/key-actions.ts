import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { administerKeys, type KeyAdministration } from '../../admin/file-tools.js';
import { DEFAULTS } from '../../config/options.js';
import { readDatabase } from '../../config/read-config.js';
import type { Scope } from '../../core/access.js';
import type { ApiKey } from '../../core/api-key.js';
import { formatInstant } from '../../core/instant.js';
import { commandLineActor } from './file-actions.js';

export interface KeyFlags {
  database?: string;
  config?: string;
  json?: boolean;
}

export interface CreateFlags extends KeyFlags {
  name: string;
  scopes: Scope[];
  expires?: number;
}

/** Standard error, as standard output is for data. */
const note = (text: string): void => console.error(text);

async function withKeys<Result>(
  flags: KeyFlags,
  use: (keys: KeyAdministration) => Promise<Result>,
  { create: mayCreate = false } = {},
): Promise<Result> {
  const database = await readDatabase(flags);
  const createFolder = mayCreate && resolve(database) === resolve(DEFAULTS.database);
  const isNew = !existsSync(database);
  const keys = administerKeys(database, { create: mayCreate, createFolder });
  if (isNew) note(`Created the database ${resolve(database)}: is it the one that your server uses?`);
  try {
    return await use(keys);
  } finally {
    await keys.close();
  }
}

/** Only the token goes to standard output, so that a script can read it; remarks go to standard error. */
function printToken(flags: KeyFlags, name: string, token: string): void {
  if (!flags.json) note(`The key "${name}". It is shown only once and not stored: keep it in a safe place.`);
  console.log(flags.json ? JSON.stringify({ name, key: token }) : token);
}

/** `spoolite keys create` */
export async function create(flags: CreateFlags): Promise<void> {
  const { name, scopes, expires: expiresAt = null } = flags;
  const make = (keys: KeyAdministration) => keys.create({ name, scopes, expiresAt }, commandLineActor());
  printToken(flags, name, await withKeys(flags, make, { create: true }));
}

/** `spoolite keys list` */
export async function list(flags: KeyFlags): Promise<void> {
  const keys = await withKeys(flags, (all) => all.list());
  console.log(await keyLines(keys, { json: flags.json ?? !process.stdout.isTTY }));
}

/** `spoolite keys revoke` */
export async function revoke(name: string, flags: KeyFlags): Promise<void> {
  await withKeys(flags, (keys) => keys.revoke(name, commandLineActor()));
  note(`The key "${name}" is revoked: servers now refuse it.`);
}

/** `spoolite keys rotate` */
export async function rotate(name: string, flags: KeyFlags): Promise<void> {
  printToken(flags, name, await withKeys(flags, (keys) => keys.rotate(name, commandLineActor())));
}

const NONE =
  'No keys: anyone who can reach the server may do everything. Create one with: npx spoolite keys create --name ci --scopes enqueue,read';

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

function stateOf({ revokedAt, expiresAt }: ApiKey): 'revoked' | 'expired' | 'good' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'good';
}

const resource = (key: ApiKey) => ({
  name: key.name,
  state: stateOf(key),
  scopes: key.scopes,
  created_at_utc: instant(key.createdAt),
  expires_at_utc: instant(key.expiresAt),
  revoked_at_utc: instant(key.revokedAt),
  last_used_at_utc: instant(key.lastUsedAt),
});

/** The keys as JSON, one per line, or as a table for people. */
export async function keyLines(keys: readonly ApiKey[], { json }: { json: boolean }): Promise<string> {
  if (json) return `[${keys.map((key) => JSON.stringify(resource(key))).join(',\n ')}]`;
  if (keys.length === 0) return NONE;
  const { table } = await import('../tables.js');
  const rows = keys.map((key) => [
    key.name,
    stateOf(key),
    key.scopes.join(','),
    instant(key.createdAt) ?? '',
    instant(key.expiresAt) ?? 'never',
    instant(key.lastUsedAt) ?? 'never',
  ]);
  const head = ['NAME', 'STATE', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'];
  return table({ head, rows, columns: process.stdout.columns ?? 160, paint: new Chalk({ level: 0 }) });
}
