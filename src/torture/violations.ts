/** All violations, with their descriptions. */
export const VIOLATIONS = {
  nothing_ran: 'nothing was acknowledged or executed, so nothing is proven',
  lost: 'acknowledged, but lost',
  refused_but_stored: 'refused, but stored',
  unasked: 'stored without a request',
  overrun: 'executed more often than allowed',
  owned_twice: 'claimed while another attempt held it',
  settled_twice: 'settled twice, or changed after it was finished',
  superseded: 'settled by an attempt that did not own it',
  stuck: 'not finished at the end',
  log_differs: 'its log and its row disagree',
  counters: 'counters differ from a recount',
  damage: 'the file is damaged',
  ended_by_itself: 'processes that ended, or would not end',
  unexpected_reply: 'replies that no client should get',
} as const;

export type ViolationName = keyof typeof VIOLATIONS;

/** A kind of violation: how often it occurred, and the first few occurrences in words. */
export interface Violation {
  name: ViolationName;
  count: number;
  details: string[];
}

/** Occurrences of one kind that are kept in words. */
const MAX_DETAILS = 5;

export class ViolationList {
  readonly #byName = new Map<ViolationName, Violation>();

  add(name: ViolationName, detail: string): void {
    const breach = this.#byName.get(name) ?? { name, count: 0, details: [] };
    this.#byName.set(name, breach);
    breach.count += 1;
    if (breach.details.length < MAX_DETAILS) breach.details.push(detail);
  }

  count(name: ViolationName): number {
    return this.#byName.get(name)?.count ?? 0;
  }

  /** In the order of the list. */
  get all(): Violation[] {
    return (Object.keys(VIOLATIONS) as ViolationName[]).flatMap((name) => this.#byName.get(name) ?? []);
  }
}
