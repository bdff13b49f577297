import { runWriterThread } from '../../db/sqlite/writer/run-writer-thread.js';
import { sqliteOperations } from './operations/index.js';

runWriterThread(sqliteOperations());
