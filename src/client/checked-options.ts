import type { ClientOptions } from './client-options.js';

const NAMES: Record<keyof ClientOptions, true> = {
  url: true,
  key: true,
  headers: true,
  requestTimeout: true,
  retries: true,
  traceparent: true,
  fetch: true,
};

function requireAtLeast(least: number, name: 'requestTimeout' | 'retries', options: ClientOptions): void {
  const value: unknown = options[name];
  if (value === undefined || (typeof value === 'number' && value >= least)) return;
  throw new TypeError(`createClient: ${name} must be a number of ${least} or more, not ${String(value)}`);
}

/** The options as they are. Throws `TypeError` for one that is not known or cannot be. */
export function checkedOptions(options: ClientOptions | undefined): ClientOptions | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createClient takes an object of options');
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown !== undefined) {
    const known = Object.keys(NAMES).join(', ');
    throw new TypeError(`createClient: "${unknown}" is not an option; there are ${known}`);
  }
  requireAtLeast(1, 'requestTimeout', options);
  requireAtLeast(0, 'retries', options);
  return options;
}
