// Opens the database file that is named and closes it; says what came of it.

import { openSqliteStorage } from '../../dist/app/open-sqlite-storage.js';
import { systemClock } from '../../dist/core/clock.js';

const [, , file] = process.argv;
try {
  await openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random }).close();
  console.log('opened');
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
