import { openInMemory } from '../support/sqlite.js';
import { describeStorage } from './storage-contract.js';

describeStorage('SQLite in memory', (clock) => openInMemory(clock));
