import type { Random } from '../core/clock.js';

/** Random numbers determined by the seed (mulberry32); `stream` separates independent users of one seed. */
export function seededRandom(seed: number, stream: number): Random {
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from `min` up to `max`. */
export const between = (random: Random, min: number, max: number): number => min + random() * (max - min);

/** An integer from `min` to `max`, inclusive. */
export const integerBetween = (random: Random, min: number, max: number): number =>
  Math.floor(between(random, min, max + 1));

export const chance = (random: Random, probability: number): boolean => random() < probability;

/** One of the items; undefined if there are none. */
export const oneOf = <T>(random: Random, items: readonly T[]): T | undefined =>
  items[Math.floor(random() * items.length)];

/** One of the keys, with a probability in proportion to its weight. */
export function weighted<Key extends string>(random: Random, weights: Readonly<Record<Key, number>>): Key {
  const entries = Object.entries(weights) as [Key, number][];
  let point = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  const drawn = entries.find(([, weight]) => {
    point -= weight;
    return point < 0;
  });
  return (drawn ?? entries.at(-1))?.[0] as Key;
}
