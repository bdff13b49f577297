/** What a wait has to know of a task. */
export interface Finishing {
  taskId: number;
  done: boolean;
}
