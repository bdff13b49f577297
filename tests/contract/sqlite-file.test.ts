import { openOnFile } from '../support/sqlite-engines.js';
import { describeStorage } from './storage-contract.js';

describeStorage('SQLite on a file', (clock) => openOnFile(clock));
