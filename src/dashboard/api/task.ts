import type { AnyTasks, TaskOf } from '../../client/index.js';

/** A task of any type, as the API tells it. */
export type Task = TaskOf<AnyTasks>;
