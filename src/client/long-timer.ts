/** Longest delay of one timer, in milliseconds (24.8 days); asked for more, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Calls `run` once after so many milliseconds, however many they are; never after infinitely many. Returns a function
 * that calls it off. (As in `domain/long-timer`: a client takes only types from there.)
 */
export function startTimer(run: () => void, milliseconds: number): () => void {
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    const stepMs = Math.min(left, LONGEST_MS);
    left -= stepMs;
    timer = setTimeout(() => (left > 0 ? next() : run()), stepMs);
  };
  next();
  return () => clearTimeout(timer);
}
