import { InvalidArgumentError } from 'commander';
import { parseInstant } from '../../../domain/instant.js';

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

const FROM_NOW = /^(\d{1,5})([dhm])$/;

/** When a key is to end: `90d`, `12h`, `30m` from now, or an instant. Milliseconds since 1970 UTC. */
export function expiry(text: string): number {
  const [, count, unit] = FROM_NOW.exec(text) ?? [];
  const now = Date.now();
  const at = unit === undefined ? parseInstant(text) : now + Number(count) * (UNIT_MS[unit] as number);
  if (at === null)
    throw new InvalidArgumentError('It must be a time from now, such as 90d or 12h, or a date and a time.');
  if (at <= now) throw new InvalidArgumentError('It must lie in the future.');
  return at;
}
