import type { StoredTask } from '../core/task.js';
import type { StoredLogEntry } from './log-repository.js';

/** A number that the database keeps, and what a count of its rows gives instead. */
export interface Miscount {
  counter: string;
  kept: number;
  counted: number;
}

/** What an examination of a database found; both lists are empty when all is well. */
export interface Audit {
  /** What is wrong with the file itself. Where anything is, its rows were not counted. */
  damage: string[];
  miscounts: Miscount[];
  /** How often a task was completed, as the per-minute history counted it. */
  completions: number;
}

/** A task and its whole log, oldest entry first. */
export interface TaskHistory {
  task: StoredTask;
  log: StoredLogEntry[];
}
