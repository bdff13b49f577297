/** What requests are counted as: asking how tasks are going, changing something, reading much. */
export const BUDGETS = ['polls', 'writes', 'reads'] as const;

export type Budget = (typeof BUDGETS)[number];
