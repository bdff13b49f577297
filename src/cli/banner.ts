import { resolve } from 'node:path';
import { isInMemory } from '../config/database.js';
import { type Config, DEFAULTS } from '../config/options.js';
import { packageVersion } from '../core/paths.js';

const DURABILITY = {
  full: 'full: every acknowledged write is on disk',
  normal: 'normal: a power cut may lose the last acknowledged writes',
};

interface Running {
  address?: string;
  /** Whether no key is required; unknown if several processes serve. */
  isOpen?: boolean;
  worker?: { id: string; types: readonly string[] };
}

const storageLines = ({ database, durability }: Config): string[] =>
  isInMemory(database)
    ? ['  database      in memory: lost when this program ends']
    : [`  database      ${resolve(database)}`, `  durability    ${DURABILITY[durability]}`];

/** Text in single quotes for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Quoted only if necessary. */
const shellWord = (text: string): string => (/^[\w./-]+$/.test(text) ? text : quoted(text));

/** The `--database` option for use from any folder; empty for the default database. */
const fileOption = (database: string): string =>
  database === DEFAULTS.database ? '' : ` --database ${shellWord(resolve(database))}`;

function workerLine({ concurrency, database }: Config, worker: Running['worker']): string {
  if (worker) {
    return `  worker        ${worker.id}, ${concurrency} slots, types: ${worker.types.join(', ')}`;
  }
  if (isInMemory(database)) return '  worker        none; workers can connect over HTTP';
  return `  worker        none in this process; start one with: npx spoolite work --handlers ./handlers.js${fileOption(database)}`;
}

function accessText(isOpen: boolean, database: string): string {
  if (!isOpen) return 'key required';
  if (isInMemory(database)) return 'no key required';
  return `no key required; to require one: npx spoolite keys create --name admin --scopes admin${fileOption(database)}`;
}

const addressLines = (address: string, isOpen: boolean | undefined, { database }: Config): string[] => [
  `  listening on  ${address}`,
  ...(isOpen === undefined ? [] : [`  access        ${accessText(isOpen, database)}`]),
  `  dashboard     ${address}/`,
  `  reference     ${address}/docs`,
];

const WITH_KEY = ' -H "Authorization: Bearer $SPOOLITE_KEY"';

const tryLine = (address: string, type: string, isOpen = true): string =>
  `  curl -s ${address}/api/queue/enqueue${isOpen ? '' : WITH_KEY} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify({ type }))}`;

/** The text that the program prints when it has started. */
export function banner(config: Config, { address, isOpen, worker }: Running): string {
  return [
    `Spoolite ${packageVersion()}`,
    ...(address ? addressLines(address, isOpen, config) : []),
    ...storageLines(config),
    workerLine(config, worker),
    ...(address ? ['', 'Try it:', tryLine(address, worker?.types[0] ?? 'hello', isOpen)] : []),
  ].join('\n');
}
