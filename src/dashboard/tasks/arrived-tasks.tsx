import { MOST_ARRIVED } from './use-live-rows.js';

function newTasks(count: number): string {
  if (count >= MOST_ARRIVED) return 'Show the new tasks, more than a thousand';
  return count === 1 ? 'Show 1 new task' : `Show ${count} new tasks`;
}

/** Says that there are tasks that are not on the page, and brings them when that is wished. */
export function ArrivedTasks({ count, onShow }: { count: number; onShow(): void }) {
  return (
    <div role="status" className="arrived">
      {count > 0 && (
        <button type="button" className="button small-button" onClick={onShow}>
          {newTasks(count)}
        </button>
      )}
    </div>
  );
}
