import { join } from 'node:path';
import type { Clock } from '../../src/domain/clock.js';
import type { Random } from '../../src/domain/random.js';
import { openSqliteStorage } from '../../src/repositories/sqlite/open-sqlite-storage.js';
import type { Storage } from '../../src/repositories/storage.js';
import { scratchFolder } from './scratch-folder.js';
import { seededRandom } from './seeded-random.js';

export const openInMemory = (clock: Clock, random: Random = seededRandom(1)): Storage =>
  openSqliteStorage({ file: ':memory:', durability: 'normal', clock, random });

/** A storage on a file; a new one of its own, unless it is given. */
export const openOnFile = (clock: Clock, file = join(scratchFolder(), 'queue.db')): Storage =>
  openSqliteStorage({ file, durability: 'normal', clock, random: Math.random });
