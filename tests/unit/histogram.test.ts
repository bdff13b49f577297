import { expect, test } from '@jest/globals';
import { Histogram } from '../../src/core/statistics.js';

test('a bound belongs to its bucket; what is beyond all is counted too', () => {
  const histogram = new Histogram([1, 2.5, 10]);
  for (const value of [0, 1, 1.1, 2.5, 10, 10.1, 1000]) histogram.observe(value);
  expect(histogram.read()).toEqual({ bounds: [1, 2.5, 10], counts: [2, 2, 1, 2], sum: 1024.7 });
});

test('another one on the same memory sees what the first has seen', () => {
  const bounds = [1, 2];
  const memory = new SharedArrayBuffer(Histogram.bytesFor(bounds));
  const writer = new Histogram(bounds, memory);
  const reader = new Histogram(bounds, memory);
  expect(reader.read()).toEqual({ bounds, counts: [0, 0, 0], sum: 0 });
  writer.observe(2);
  expect(reader.read()).toEqual({ bounds, counts: [0, 1, 0], sum: 2 });
});
