import { drain } from './figures/drain.js';
import { enqueueDurable } from './figures/enqueue-durable.js';
import { groupCommit } from './figures/group-commit.js';
import type { Figure } from './support/figure.js';

/** Everything that is measured, in the order of the table. */
export const FIGURES: readonly Figure[] = [enqueueDurable, groupCommit, drain];
