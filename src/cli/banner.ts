import { resolve } from 'node:path';
import type { Config } from '../config.js';
import { VERSION } from '../version.js';

const DURABILITY = {
  full: 'full: every acknowledged write is on disk',
  normal: 'normal: a power cut may lose the last acknowledged writes',
};

interface Running {
  address?: string;
  worker?: { id: string; types: readonly string[] };
}

/** What the program says when it has started. */
export function banner(config: Config, { address, worker }: Running): string {
  const lines = [
    `Spoolite ${VERSION}`,
    ...(address ? [`  listening on  ${address}`] : []),
    `  database      ${resolve(config.database)}`,
    `  durability    ${DURABILITY[config.durability]}`,
    ...(worker
      ? [`  worker        ${worker.id}, ${config.concurrency} slots, types: ${worker.types.join(', ')}`]
      : []),
  ];
  if (address) {
    const type = worker?.types[0] ?? 'hello';
    lines.push(
      '',
      'Try it:',
      `  curl -s ${address}/api/queue/enqueue -H 'Content-Type: application/json' -d '{"type":"${type}"}'`,
    );
  }
  return lines.join('\n');
}
