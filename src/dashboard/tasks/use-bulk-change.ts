import { useState } from 'react';
import type { BulkAction, BulkPreview } from '../../client/index.js';
import { errorText } from '../api/error-text.js';
import { queue } from '../api/queue.js';
import { formatCount } from '../components/format-count.js';
import { BULK_WORDS, breakdownInWords, type Filter } from './bulk-actions.js';

/** What is asked of a person, once it was counted. */
interface Question {
  action: BulkAction;
  filter: Filter;
  count: number;
  preview: BulkPreview;
}

export const tasksIn = (count: number): string => (count === 1 ? '1 task' : `${formatCount(count)} tasks`);

/** Counts the tasks that match, asks, and changes them; `said` tells how far it is. */
export function useBulkChange(onDone: () => void) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const during = async (run: () => Promise<string>) => {
    setBusy(true);
    try {
      setSaid(await run());
    } catch (error) {
      setSaid(errorText(error as Error));
    } finally {
      setBusy(false);
    }
  };

  const ask = (action: BulkAction, filter: Filter) =>
    during(async () => {
      setSaid('Counting…');
      const preview = await queue.previewMany(action, filter as never);
      const { matched: count } = preview;
      if (count > 0) setQuestion({ action, filter, count, preview });
      return count > 0
        ? ''
        : [`No task can be ${BULK_WORDS[action].did}.`, breakdownInWords(preview)].join(' ').trim();
    });

  const confirm = ({ action, filter, count }: Question) =>
    during(async () => {
      const { did } = BULK_WORDS[action];
      let done = 0;
      const onProgress = (sofar: number) => {
        done = sofar;
        setSaid(`${tasksIn(sofar)} of ${formatCount(count)} ${did}…`);
      };
      setSaid(`0 tasks of ${formatCount(count)} ${did}…`);
      const run = { cancel: 'cancelMany', retry: 'retryMany', delete: 'deleteMany' } as const;
      try {
        await queue[run[action]](filter as never, { expected: count, onProgress });
        return `${tasksIn(done)} ${did}`;
      } catch (error) {
        const why = errorText(error as Error);
        return done > 0 ? `${tasksIn(done)} ${did}, and then: ${why}` : why;
      } finally {
        onDone();
      }
    });

  return { question, busy, said, ask, confirm, close: () => setQuestion(null) };
}
