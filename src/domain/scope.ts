/** What a key can be for. `admin` may do everything; each of the others only what it names. */
export const SCOPES = ['read', 'enqueue', 'work', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether somebody with the scopes `held` may do what needs all of `needed`. */
export const grants = (held: readonly Scope[], needed: readonly Scope[]): boolean =>
  held.includes('admin') || needed.every((scope) => held.includes(scope));
