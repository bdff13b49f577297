/** Batches under way at once: the next is ready when one is stored. */
const CLIENTS = 4;

/** Enqueues `count` tasks by `enqueue`, which is given the size of each batch; returns how many seconds that took. */
export async function enqueueInBatches(
  count: number,
  batch: number,
  enqueue: (size: number) => Promise<unknown> | unknown,
): Promise<number> {
  let left = count;
  const enqueueOn = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(left, batch);
      left -= size;
      await enqueue(size);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, enqueueOn));
  return (performance.now() - start) / 1000;
}
