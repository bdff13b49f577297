import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

const isThere = spawnSync('promtool', ['--version']).status === 0;

/** Where the tests must find it, its absence is a failure of each. */
const isRequired = process.env.SPOOLITE_PROGRAM_TESTS === 'required';

/** Tests that need Prometheus' own tool; skipped where it is not installed. */
export const describeWithPromtool = isThere || isRequired ? describe : describe.skip;

/** What promtool says, and how it ends; nothing and 0 where it finds nothing wrong. */
export function promtool(args: readonly string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}
