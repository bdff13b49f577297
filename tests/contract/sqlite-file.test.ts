import { join } from 'node:path';
import { expect } from '@jest/globals';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { openOnFile } from '../support/sqlite.js';
import { describeStorage } from './storage-contract.js';

// Whatever a test does: in the end every counter must be what a recount says.
describeStorage('SQLite on a file', (clock) => {
  const file = join(scratchFolder(), 'queue.db');
  onTestEnd(() => expect(auditDatabase(file)).toMatchObject({ damage: [], miscounts: [] }));
  return openOnFile(clock, file);
});
