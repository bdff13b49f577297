import type { Connection } from '../../../db/sqlite/connection.js';
import type { Finding } from '../../../domain/finding.js';

/** A database file under examination. */
export interface Subject {
  file: string;
  connection: Connection;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** The program's version. */
  version: string;
}

/** Looks at one thing, and changes nothing. */
export type Check = (subject: Subject) => Finding;

/** The number that a pragma gives. */
export const pragmaNumber = ({ client }: Connection, name: string): number =>
  Number(client.pragma(name, { simple: true }));

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Bytes for people: `12 MB`. */
export function sizeText(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** unit;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** The first few of many, and how many more there are. */
export function someOf(all: readonly string[], few = 3): string {
  const more = all.length - few;
  return all.slice(0, few).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
