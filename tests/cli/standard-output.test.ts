import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { CommandLine } from '../support/program.js';

const FULL = 'spoolite: Standard output could not be written: ENOSPC: no space left on device, write.\n';

/** Runs a line of bash, where `spoolite` is the program and `$D` a folder with a database. */
async function run(line: string) {
  const commandLine = new CommandLine('http://127.0.0.1:9', {
    D: scratchFolder(),
    SPOOLITE_DATABASE: 'q.db',
  });
  const made = 'cd "$D"; spoolite keys create --name a --scopes read >/dev/null 2>&1';
  const program = commandLine.shell(`set -o pipefail; ${made}; ${line}`);
  const { code } = await program.exited;
  return { code, stderr: program.stderr };
}

test.each(['config', 'keys list', 'completion bash', 'doctor'])('spoolite %s', async (command) => {
  // The reader is gone before there is anything to read.
  expect(await run(`spoolite ${command} | (exec 0<&-)`)).toEqual({ code: 0, stderr: '' });
  expect(await run(`spoolite ${command} >/dev/full`)).toEqual({ code: 1, stderr: FULL });
});

test('what is said beside the output may get lost', async () => {
  expect(await run('spoolite export - >"$D/out" 2>/dev/full && grep -q format "$D/out"')).toMatchObject({
    code: 0,
  });
});
