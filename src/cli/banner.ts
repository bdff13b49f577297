import { resolve } from 'node:path';
import { type Config, DEFAULTS } from '../config/options.js';
import { IN_MEMORY, packageVersion } from '../core/paths.js';

const DURABILITY = {
  full: 'full: every acknowledged write is on disk',
  normal: 'normal: a power cut may lose the last acknowledged writes',
};

interface Running {
  address?: string;
  /** Whether everybody may come in who reaches it; unknown where several processes serve. */
  isOpen?: boolean;
  worker?: { id: string; types: readonly string[] };
}

const storageLines = ({ database, durability }: Config): string[] =>
  database === IN_MEMORY
    ? ['  database      in memory: lost when this program ends']
    : [`  database      ${resolve(database)}`, `  durability    ${DURABILITY[durability]}`];

/** Text between single quotes, as a shell reads it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The same where it needs none of that. */
const shellWord = (text: string): string => (/^[\w./-]+$/.test(text) ? text : quoted(text));

/** Names the file wherever it must be named, as seen from any folder. */
const fileOption = (database: string): string =>
  database === DEFAULTS.database ? '' : ` --database ${shellWord(resolve(database))}`;

function workerLine({ concurrency, database }: Config, worker: Running['worker']): string {
  if (worker) {
    return `  worker        ${worker.id}, ${concurrency} slots, types: ${worker.types.join(', ')}`;
  }
  if (database === IN_MEMORY) return '  worker        none; workers can connect over HTTP';
  return `  worker        none in this process; start one with: npx spoolite work --handlers ./handlers.js${fileOption(database)}`;
}

function accessText(isOpen: boolean, database: string): string {
  if (!isOpen) return 'key required';
  if (database === IN_MEMORY) return 'no key required';
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

/** What the program says when it has started. */
export function banner(config: Config, { address, isOpen, worker }: Running): string {
  return [
    `Spoolite ${packageVersion()}`,
    ...(address ? addressLines(address, isOpen, config) : []),
    ...storageLines(config),
    workerLine(config, worker),
    ...(address ? ['', 'Try it:', tryLine(address, worker?.types[0] ?? 'hello', isOpen)] : []),
  ].join('\n');
}
