/** The order in which a worker claims due tasks. */
export const STRATEGIES = ['priority', 'fifo', 'lifo', 'weighted_random'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Weight of a task under `weighted_random`. */
export const drawWeight = (priority: number): number => 1 / (priority + 1);
