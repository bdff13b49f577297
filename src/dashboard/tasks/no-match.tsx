import { NoTasks } from '../components/no-tasks.js';

interface NoMatchProps {
  /** True when a filter is why there is nothing. */
  isNarrowed: boolean;
  onShowAll(): void;
}

/** Instead of an empty list. */
export function NoMatch({ isNarrowed, onShowAll }: NoMatchProps) {
  if (!isNarrowed) return <NoTasks />;
  return (
    <div className="panel empty">
      <h2>No task matches</h2>
      <p className="quiet">Type and key must match exactly, letter by letter.</p>
      <button type="button" className="button" onClick={onShowAll}>
        Show all tasks
      </button>
    </div>
  );
}
