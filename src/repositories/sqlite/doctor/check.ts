import type { DoctorFinding } from '../../../core/finding.js';
import type { Connection } from '../../../db/sqlite/connection.js';

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
export type Check = (subject: Subject) => DoctorFinding;

/** The number that a pragma gives. */
export const pragmaNumber = ({ client }: Connection, name: string): number =>
  Number(client.pragma(name, { simple: true }));

/** The first few of many, and how many more there are. */
export function someOf(all: readonly string[], few = 3): string {
  const more = all.length - few;
  return all.slice(0, few).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
