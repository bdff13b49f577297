import { resolve } from 'node:path';
import { type Config, DEFAULT_DATABASE } from '../config.js';
import { IN_MEMORY } from '../domain/in-memory.js';
import { packageVersion } from '../domain/package-files.js';

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
    ? ['  database      in memory: everything is gone when this program ends']
    : [`  database      ${resolve(database)}`, `  durability    ${DURABILITY[durability]}`];

function workerLine({ concurrency, database }: Config, worker: Running['worker']): string {
  if (worker) {
    return `  worker        ${worker.id}, ${concurrency} slots, types: ${worker.types.join(', ')}`;
  }
  if (database === IN_MEMORY) return '  worker        none; others can work over HTTP';
  const file = database === DEFAULT_DATABASE ? '' : ` --database ${database}`;
  return `  worker        none in here; start one with: spoolite work --handlers ./handlers.js${file}`;
}

const accessLines = (isOpen: boolean | undefined): string[] => {
  if (isOpen === undefined) return [];
  return [`  access        ${isOpen ? 'without a key; to ask for one: spoolite keys create' : 'with a key'}`];
};

const addressLines = (address: string, isOpen: boolean | undefined): string[] => [
  `  listening on  ${address}`,
  ...accessLines(isOpen),
  `  dashboard     ${address}/`,
  `  reference     ${address}/docs`,
];

/** Text between single quotes, as a shell reads it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const WITH_KEY = ' -H "Authorization: Bearer $SPOOLITE_KEY"';

const tryLine = (address: string, type: string, isOpen = true): string =>
  `  curl -s ${address}/api/queue/enqueue${isOpen ? '' : WITH_KEY} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify({ type }))}`;

/** What the program says when it has started. */
export function banner(config: Config, { address, isOpen, worker }: Running): string {
  return [
    `Spoolite ${packageVersion()}`,
    ...(address ? addressLines(address, isOpen) : []),
    ...storageLines(config),
    workerLine(config, worker),
    ...(address ? ['', 'Try it:', tryLine(address, worker?.types[0] ?? 'hello', isOpen)] : []),
  ].join('\n');
}
