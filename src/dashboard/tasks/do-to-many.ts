import { errorText } from '../api/error-text.js';

/** Requests that are under way at once. */
const AT_ONCE = 6;

export interface Outcome {
  done: number;
  /** What the others were told, and how often. */
  refused: Map<string, number>;
}

/** Does something to each task, a few at a time; resolves once all have answered. */
export async function doToMany(
  ids: readonly number[],
  act: (id: number) => Promise<string | null>,
): Promise<Outcome> {
  const outcome: Outcome = { done: 0, refused: new Map() };
  const refuse = (why: string) => outcome.refused.set(why, (outcome.refused.get(why) ?? 0) + 1);
  const pending = [...ids];
  const work = async () => {
    for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
      try {
        const why = await act(id);
        if (why === null) outcome.done += 1;
        else refuse(why);
      } catch (error) {
        refuse(errorText(error as Error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}
