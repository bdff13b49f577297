import { spawnSync } from 'node:child_process';

/** What promtool says, and how it ends; nothing and 0 where it finds nothing wrong. */
export function promtool(args: readonly string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}
