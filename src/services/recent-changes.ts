import type { StoredTask } from '../core/task.js';

/** The changes after one revision up to another. */
export interface ChangeSpan {
  after: number;
  upTo: number;
  /** In order of revision. At least those that the listeners at the time of the read want. */
  tasks: readonly StoredTask[];
}

/** Most tasks in memory. */
const MOST_TASKS = 1_000;

/** Most characters of payloads and results in memory. */
const MOST_CHARACTERS = 4_000_000;

const charactersOf = ({ tasks }: ChangeSpan): number =>
  tasks.reduce((sum, { payload, result }) => sum + payload.length + (result?.length ?? 0), 0);

/**
 * The last spans of changes, in order, so that followers at different paces share their rows instead of reading them
 * again. The newest span is always kept.
 */
export class RecentChanges {
  #spans: { span: ChangeSpan; characters: number }[] = [];
  #tasks = 0;
  #characters = 0;

  add(span: ChangeSpan): void {
    const characters = charactersOf(span);
    this.#spans.push({ span, characters });
    this.#tasks += span.tasks.length;
    this.#characters += characters;
    while (this.#spans.length > 1 && this.#isFull) this.#drop();
  }

  /** The span that follows this revision; undefined if it is no longer kept, or does not exist yet. */
  following(revision: number): ChangeSpan | undefined {
    // Backwards, as most followers have seen all but the last.
    for (let at = this.#spans.length - 1; at >= 0; at--) {
      const { span } = this.#spans[at] as { span: ChangeSpan };
      if (span.upTo <= revision) return undefined;
      if (span.after <= revision) return span;
    }
    return undefined;
  }

  clear(): void {
    this.#spans = [];
    this.#tasks = 0;
    this.#characters = 0;
  }

  get #isFull(): boolean {
    // Spans without tasks count too: each unwatched commit adds one.
    return this.#tasks + this.#spans.length > MOST_TASKS || this.#characters > MOST_CHARACTERS;
  }

  #drop(): void {
    const oldest = this.#spans.shift();
    if (!oldest) return;
    this.#tasks -= oldest.span.tasks.length;
    this.#characters -= oldest.characters;
  }
}
