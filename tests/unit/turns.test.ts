import { expect, test } from '@jest/globals';
import { Turns } from '../../src/services/change-hub.js';

/** Keeps the thread for so many milliseconds. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('work that takes long is done in order, and others have a turn after each piece of it', async () => {
  const turns = new Turns();
  const done: (number | string)[] = [];
  let isOver = false;
  const other = () => {
    done.push('other');
    if (!isOver) setImmediate(other);
  };
  const pieces = [1, 2, 3, 4].map((piece) =>
    turns.run(() => {
      spin(5);
      done.push(piece);
      return piece;
    }),
  );
  setImmediate(other);
  expect(await Promise.all(pieces)).toEqual([1, 2, 3, 4]);
  isOver = true;
  expect(done.filter((one, at) => one !== done[at - 1])).toEqual([
    ...[1, 'other', 2, 'other', 3, 'other', 4],
  ]);
});

test('work that fails fails alone', async () => {
  const turns = new Turns();
  const failing = turns.run(() => {
    throw new Error('no');
  });
  const later = turns.run(async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await later).toBe('yes');
});
