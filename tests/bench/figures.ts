import { drain } from './figures/drain.js';
import { enqueueDurable } from './figures/enqueue-durable.js';
import { firstContent } from './figures/first-content.js';
import { groupCommit } from './figures/group-commit.js';
import { memory } from './figures/memory.js';
import { pollUnderLock } from './figures/poll-under-lock.js';
import { writerDesigns } from './figures/writer-designs.js';
import type { Figure } from './support/figure.js';

/** Everything that is measured, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  enqueueDurable,
  groupCommit,
  pollUnderLock,
  writerDesigns,
  drain,
  memory,
  firstContent,
];
