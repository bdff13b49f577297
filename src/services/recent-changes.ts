import type { StoredTask } from '../core/task.js';

/** The changes after one revision and up to another. */
export interface ChangeSpan {
  after: number;
  upTo: number;
  /** In order of revision. At least what those want who listened when it was read. */
  tasks: readonly StoredTask[];
}

/** Most tasks that are kept. */
const MOST_TASKS = 1_000;

/** Most characters of payloads and results that are kept. */
const MOST_CHARACTERS = 4_000_000;

const charactersOf = ({ tasks }: ChangeSpan): number =>
  tasks.reduce((sum, { payload, result }) => sum + payload.length + (result?.length ?? 0), 0);

/**
 * The last spans of changes, in order, so that everybody who follows at a pace of their own goes through the same rows
 * instead of reading them again. The newest span is always kept.
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

  /** The span that has what comes next after this revision; undefined where it is kept no longer, or not there yet. */
  following(revision: number): ChangeSpan | undefined {
    // Backwards, as nearly everybody has seen all but the last.
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
    // Spans without tasks count too: there is one for each commit that nobody wants to see.
    return this.#tasks + this.#spans.length > MOST_TASKS || this.#characters > MOST_CHARACTERS;
  }

  #drop(): void {
    const oldest = this.#spans.shift();
    if (!oldest) return;
    this.#tasks -= oldest.span.tasks.length;
    this.#characters -= oldest.characters;
  }
}
