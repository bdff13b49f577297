import type { Lease } from '../lease-repository.js';

/** The name of a lease: several requests of a group may settle one task, and only one of them holds its lease. */
export const nameOf = ({ id, leaseToken }: { id: number; leaseToken: string | null }): string =>
  `${id} ${leaseToken}`;

/** The first settle of each lease, by the name of the lease. */
export function firstOfEach<Args extends { lease: Lease }>(all: readonly Args[]): Map<string, Args> {
  const firsts = new Map<string, Args>();
  for (const args of all) {
    const name = nameOf(args.lease);
    if (!firsts.has(name)) firsts.set(name, args);
  }
  return firsts;
}
