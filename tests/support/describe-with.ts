import { describe, test } from '@jest/globals';
import { hasProgram } from './has-program.js';

/** The check script sets this variable, and with it a missing program is a failure. */
const isRequired = process.env.SPOOLITE_PROGRAM_TESTS === 'required';

/** Tests that need a program of the operating system; skipped, and said so, where it is not installed. */
export function describeWith(program: string, name: string, tests: () => void): void {
  if (isRequired || hasProgram(program)) {
    describe(name, tests);
  } else {
    process.stderr.write(`Skipped: ${name}. There is no ${program} on this machine.\n`);
    describe.skip(name, () => {
      test(`needs ${program}`, () => undefined);
    });
  }
}
