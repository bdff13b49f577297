import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';

interface PagerProps {
  /** Address of this page, of the first one, and of the next one if there is one. */
  here: string;
  first: string;
  next: string | null;
  isFirst: boolean;
}

/** Pages are chained forward; the way back is remembered with the entry of the browser's history. */
interface Trail {
  before?: string[];
}

/** Leads from page to page. */
export function Pager({ here, first, next, isFirst }: PagerProps) {
  const [, navigate] = useLocation();
  const { before = [] } = useHistoryState<Trail | null>() ?? {};
  if (isFirst && next === null) return null;
  const previous = before.at(-1);
  return (
    <nav className="pager" aria-label="Pages">
      <button type="button" className="button" disabled={isFirst} onClick={() => navigate(first)}>
        Newest
      </button>
      <button
        type="button"
        className="button"
        disabled={previous === undefined}
        onClick={() => navigate(previous as string, { state: { before: before.slice(0, -1) } })}
      >
        Newer
      </button>
      <button
        type="button"
        className="button"
        disabled={next === null}
        onClick={() => navigate(next as string, { state: { before: [...before, here] } })}
      >
        Older
      </button>
    </nav>
  );
}
