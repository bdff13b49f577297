import { MAIN, Program } from './program.js';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `spoolite` with these arguments to its end, `input` being its standard input. */
export async function spooliteRan(args: readonly string[], input?: string): Promise<Ran> {
  const program = new Program(process.execPath, [MAIN, ...args], {}, { input });
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}
