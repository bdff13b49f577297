import { resolve } from 'node:path';
import { type Config, DEFAULT_DATABASE } from '../config.js';
import { IN_MEMORY } from '../domain/in-memory.js';
import { VERSION } from '../version.js';

const DURABILITY = {
  full: 'full: every acknowledged write is on disk',
  normal: 'normal: a power cut may lose the last acknowledged writes',
};

interface Running {
  address?: string;
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

const addressLines = (address: string): string[] => [
  `  listening on  ${address}`,
  `  dashboard     ${address}/`,
  `  reference     ${address}/docs`,
];

/** Text between single quotes, as a shell reads it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const tryLine = (address: string, type: string): string =>
  `  curl -s ${address}/api/queue/enqueue -H 'Content-Type: application/json' -d ${quoted(JSON.stringify({ type }))}`;

/** What the program says when it has started. */
export function banner(config: Config, { address, worker }: Running): string {
  return [
    `Spoolite ${VERSION}`,
    ...(address ? addressLines(address) : []),
    ...storageLines(config),
    workerLine(config, worker),
    ...(address ? ['', 'Try it:', tryLine(address, worker?.types[0] ?? 'hello')] : []),
  ].join('\n');
}
