import { spawnSync } from 'node:child_process';

const isRoot = process.getuid?.() === 0;

/** Root may read and write whatever the modes say, unless it starts a process without these capabilities. */
const PREFIX = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];

/** What is needed where tests run as root. */
export const BOUND_ROOT = 'setpriv that may take capabilities away';

/** Whether {@link asOrdinaryUser} can be called here. */
export const canBeOrdinary =
  !isRoot || spawnSync(PREFIX[0] as string, [...PREFIX.slice(1), 'true']).status === 0;

/** Runs a program to its end as a user for whom the modes of files hold. Its own files count as the owner's. */
export function asOrdinaryUser(...command: string[]) {
  const [program, ...args] = [...PREFIX, ...command];
  return spawnSync(program as string, args, { encoding: 'utf8', cwd: '/', timeout: 60_000 });
}
