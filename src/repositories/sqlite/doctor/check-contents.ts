import { ok, problem } from '../../../domain/finding.js';
import { findDamage, findOrphans } from '../find-damage.js';
import { recount } from '../recount.js';
import { type Check, someOf } from './check.js';

export const RESTORE = 'stop every process on the file, and put a backup in its place with spoolite restore';

export const checkIntegrity: Check = ({ connection }) => {
  const damage = findDamage(connection);
  if (damage.length === 0) return ok('integrity', 'SQLite finds no damage');
  return problem('integrity', `the file is damaged: ${someOf(damage)}`, RESTORE);
};

export const checkOrphans: Check = ({ connection }) => {
  const orphans = findOrphans(connection);
  if (orphans.length === 0) return ok('orphans', 'every log entry belongs to a task');
  return problem('orphans', someOf(orphans), 'another program has changed the file: restore a backup');
};

export const checkCounters: Check = ({ connection }) => {
  const miscounts = recount(connection);
  if (miscounts.length === 0) return ok('counters', 'all equal a count of the tasks');
  const texts = miscounts.map(({ counter, kept, counted }) => `${counter}: ${kept}, but ${counted} counted`);
  return problem('counters', someOf(texts), 'spoolite doctor --fix recounts them');
};
