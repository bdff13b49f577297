import { describe, test } from '@jest/globals';
import { hasProgram } from './has-program.js';

/** The check script sets this variable, and with it a missing program is a failure. */
const isRequired = process.env.SPOOLITE_PROGRAM_TESTS === 'required';

/** Tests that need something of the machine; skipped where it is missing, with the reason printed. */
export function describeWhere(isThere: boolean, needed: string, name: string, tests: () => void): void {
  if (isRequired || isThere) {
    describe(name, tests);
  } else {
    process.stderr.write(`Skipped: ${name}. There is no ${needed} on this machine.\n`);
    // Only on a developer's machine that lacks it; CI installs it and never skips.
    describe.skip(name, () => {
      test(`needs ${needed}`, () => undefined);
    });
  }
}

/** Tests that need a program of the operating system; skipped, and said so, where it is not installed. */
export const describeWith = (program: string, name: string, tests: () => void): void =>
  describeWhere(hasProgram(program), program, name, tests);
