import type { FinishedStatus } from '../../../core/maintenance.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Walk, WalkStep } from '../../retention-repository.js';
import { finishedWalk } from './finished-walk.js';
import { taskRemover } from './task-remover.js';

/** Deletes finished tasks that are kept no longer, oldest first; their logs go with them. */
export const pruneTasks = ((transaction) => {
  const walk = finishedWalk(transaction);
  const remove = taskRemover(transaction);
  return (args) => {
    const { ids, place, isEnd } = walk(args);
    const { deleted, isDone } = remove(ids);
    return isDone ? { deleted, place, isEnd } : { deleted, place: args.after, isEnd: false };
  };
}) satisfies Operation<Walk<FinishedStatus>, WalkStep>;
