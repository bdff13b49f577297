import type { TaskTransition } from './task-transition.js';
import { parseTraceparent } from './traceparent.js';
import type { TaskEvent } from './transitions.js';

const SENTENCES: Record<TaskEvent, string> = {
  enqueue: 'task enqueued',
  claim: 'task claimed',
  complete: 'task completed',
  fail: 'task failed',
  release: 'task released',
  expire: 'lease expired',
  cancel: 'task cancelled',
  retry: 'task queued again',
};

/** The line of a program's log about a transition. */
export interface TransitionLine {
  message: string;
  /** Members that are undefined are left out. */
  members: Record<string, string | number | undefined>;
}

export function transitionLine(transition: TaskTransition): TransitionLine {
  const { event, taskId, type, from, to, attempt, worker, requestId, traceparent } = transition;
  return {
    message: event === 'fail' && to === 'queued' ? 'retry scheduled' : SENTENCES[event],
    members: {
      event,
      task_id: taskId,
      type,
      attempt,
      from: from ?? undefined,
      to,
      worker: worker ?? undefined,
      request_id: requestId ?? undefined,
      trace_id: traceparent === null ? undefined : parseTraceparent(traceparent)?.traceId,
    },
  };
}
