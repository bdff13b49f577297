import { runWriterThread } from '../../db/sqlite/run-writer-thread.js';
import { sqliteOperations } from './operations/index.js';

runWriterThread(sqliteOperations());
