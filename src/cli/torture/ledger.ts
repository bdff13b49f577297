/** What a client knows of one task that it asked for. */
export interface LedgerEntry {
  /** The id it was given; null as long as no request for it was answered with 201. */
  taskId: number | null;
  /** Every request for it was answered with "not stored, and will not be". */
  refused: boolean;
}

/** What the clients asked for, by idempotency key, and what they were told. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();
  /** Ids of acknowledged tasks, in order of their replies. */
  readonly acknowledgedIds: number[] = [];
  /** Requests to which no answer came at all. */
  unanswered = 0;
  refused = 0;
  /** Answers that no client should get. */
  readonly complaints: string[] = [];

  ask(key: string): void {
    if (!this.#entries.has(key)) this.#entries.set(key, { taskId: null, refused: false });
  }

  acknowledge(key: string, taskId: number): void {
    const known = this.#entries.get(key)?.taskId ?? null;
    if (known === taskId) return;
    if (known !== null) {
      this.complaints.push(`the key ${key} was acknowledged as task ${known} and as task ${taskId}`);
      return;
    }
    this.#entries.set(key, { taskId, refused: false });
    this.acknowledgedIds.push(taskId);
  }

  refuse(key: string): void {
    this.#entries.set(key, { taskId: null, refused: true });
    this.refused += 1;
  }

  find(key: string | null): LedgerEntry | undefined {
    return key === null ? undefined : this.#entries.get(key);
  }

  entries(): Iterable<[string, LedgerEntry]> {
    return this.#entries;
  }
}
