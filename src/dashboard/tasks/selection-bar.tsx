import { useState } from 'react';
import { describeError, queue, type Task } from '../api/client.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';

type Action = 'cancel' | 'retry';

const ACTIONS = {
  cancel: {
    name: 'Cancel',
    did: 'cancelled',
    consequence:
      'They are marked as failed, and running handlers are asked to stop. Only a retry can undo this.',
    // A task that finished meanwhile stays as it is, which its reply reports.
    act: async (id: number) => {
      const { message } = await queue.cancel(id);
      return message.includes('already') ? 'already done' : null;
    },
  },
  retry: {
    name: 'Retry',
    did: 'queued again',
    consequence: 'They are queued again with fresh attempts. Their results and errors are discarded.',
    act: async (id: number) => {
      await queue.retry(id);
      return null;
    },
  },
};

const tasksIn = (count: number): string => (count === 1 ? '1 task' : `${count} tasks`);

function summarize({ done, refused }: BatchOutcome, did: string): string {
  const others = [...refused].map(([why, count]) => `${tasksIn(count)} skipped: ${why}`);
  return [`${tasksIn(done)} ${did}`, ...others].join('. ');
}

interface SelectionBarProps {
  selected: Task[];
  onDone(): void;
}

/** Actions on the selected tasks. */
export function SelectionBar({ selected, onDone }: SelectionBarProps) {
  const [asking, setAsking] = useState<{ action: Action; ids: number[] } | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const ids = {
    cancel: selected.filter(({ done }) => !done).map(({ taskId }) => taskId as number),
    retry: selected.filter(({ done }) => done).map(({ taskId }) => taskId as number),
  };
  const run = async (action: Action, chosen: number[]) => {
    setBusy(true);
    setSaid(`${ACTIONS[action].name}: ${tasksIn(chosen.length)}…`);
    setSaid(summarize(await applyToEach(chosen, ACTIONS[action].act), ACTIONS[action].did));
    setBusy(false);
    onDone();
  };
  return (
    <div className="selection-bar">
      {(['cancel', 'retry'] as const).map((action) => (
        <button
          type="button"
          key={action}
          className="button small-button"
          disabled={busy || ids[action].length === 0}
          onClick={() => setAsking({ action, ids: ids[action] })}
        >
          {ACTIONS[action].name}
          {ids[action].length > 0 && ` ${ids[action].length}`}
        </button>
      ))}
      <span role="status" className="quiet">
        {selected.length > 0 ? `${selected.length} selected` : said}
      </span>
      {asking && (
        <ConfirmDialog
          title={`${ACTIONS[asking.action].name} ${tasksIn(asking.ids.length)}?`}
          action={`${ACTIONS[asking.action].name} ${tasksIn(asking.ids.length)}`}
          isDangerous={asking.action === 'cancel'}
          onConfirm={() => run(asking.action, asking.ids)}
          onClose={() => setAsking(null)}
        >
          <p>{ACTIONS[asking.action].consequence}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Concurrent requests. */
const CONCURRENCY = 6;

export interface BatchOutcome {
  done: number;
  /** Tasks that were refused, by message. */
  refused: Map<string, number>;
}

/** Applies an action to each task, a few at a time; resolves once all have replied. */
export async function applyToEach(
  ids: readonly number[],
  act: (id: number) => Promise<string | null>,
): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { done: 0, refused: new Map() };
  const refuse = (why: string) => outcome.refused.set(why, (outcome.refused.get(why) ?? 0) + 1);
  const pending = [...ids];
  const work = async () => {
    for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
      try {
        const why = await act(id);
        if (why === null) outcome.done += 1;
        else refuse(why);
      } catch (error) {
        refuse(describeError(error as Error));
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return outcome;
}
