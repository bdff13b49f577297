/** Uniform numbers in [0, 1), injected so that a test can choose them. */
export type Random = () => number;

export const systemRandom: Random = Math.random;
