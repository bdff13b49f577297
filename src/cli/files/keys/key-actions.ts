import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { administerKeys, type KeyAdministration } from '../../../app/file-tools.js';
import { DEFAULT_DATABASE, readDatabase } from '../../../config.js';
import type { Scope } from '../../../domain/scope.js';
import { commandLineCaller } from '../command-line-caller.js';
import { keyLines } from './key-lines.js';

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

/** Only what makes the first key may make the file: anything else on a new one is a wrong name. */
const note = (text: string): void => console.error(text);

async function withKeys<Result>(
  flags: KeyFlags,
  use: (keys: KeyAdministration) => Result,
  { create: isToBeMade = false } = {},
): Promise<Result> {
  const database = await readDatabase(flags);
  const createFolder = isToBeMade && resolve(database) === resolve(DEFAULT_DATABASE);
  const isNew = !existsSync(database);
  const keys = administerKeys(database, { create: isToBeMade, createFolder });
  if (isNew) note(`Made the database ${resolve(database)}: is it the one that your server uses?`);
  try {
    return use(keys);
  } finally {
    keys.close();
  }
}

/** A token is told on standard output, alone, so that a script can take it; what is to be said of it, beside. */
function tell(flags: KeyFlags, name: string, token: string): void {
  if (!flags.json)
    note(`The key "${name}". It is shown this once, and nowhere stored: keep it where secrets are kept.`);
  console.log(flags.json ? JSON.stringify({ name, key: token }) : token);
}

/** `spoolite keys create` */
export async function create(flags: CreateFlags): Promise<void> {
  const { name, scopes, expires: expiresAt = null } = flags;
  const make = (keys: KeyAdministration) => keys.create({ name, scopes, expiresAt }, commandLineCaller());
  tell(flags, name, await withKeys(flags, make, { create: true }));
}

/** `spoolite keys list` */
export async function list(flags: KeyFlags): Promise<void> {
  const keys = await withKeys(flags, (all) => all.list());
  console.log(await keyLines(keys, { json: flags.json ?? !process.stdout.isTTY }));
}

/** `spoolite keys revoke` */
export async function revoke(name: string, flags: KeyFlags): Promise<void> {
  await withKeys(flags, (keys) => keys.revoke(name, commandLineCaller()));
  note(`The key "${name}" is revoked: servers refuse it from now on.`);
}

/** `spoolite keys rotate` */
export async function rotate(name: string, flags: KeyFlags): Promise<void> {
  tell(flags, name, await withKeys(flags, (keys) => keys.rotate(name, commandLineCaller())));
}
