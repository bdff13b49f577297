import type { BulkPreview } from '../../client/index.js';

export const tasksText = (count: number): string => (count === 1 ? '1 task' : `${count} tasks`);

/** `5 tasks match (3 error, 2 timeout; left out: 4 cancelled, which --failure-reason cancelled chooses)`. */
export function matchText({ matched, byReason, cancelledLeftOut }: BulkPreview): string {
  const reasons = Object.entries(byReason ?? {}).map(([reason, count]) => `${count} ${reason}`);
  const leftOut = `left out: ${cancelledLeftOut} cancelled, which --failure-reason cancelled chooses`;
  const notes = [reasons.join(', '), cancelledLeftOut > 0 ? leftOut : ''].filter(Boolean);
  const text = `${tasksText(matched)} ${matched === 1 ? 'matches' : 'match'}`;
  return notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
}
