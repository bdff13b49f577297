import { expect, test } from '@jest/globals';
import { CommandLine } from '../../support/program.js';
import { ScriptedServer } from '../../support/servers.js';

test.each(['cancel', 'retry', 'status'])('%s lets no foreign answer steer the terminal', async (command) => {
  const { url } = await ScriptedServer.start((_req, res) => res.writeHead(500).end('\u001b[2Jgone'));
  const { code, stderr } = await new CommandLine(url).run(command, '1');
  expect(code).toBe(1);
  expect(stderr).toContain('[2Jgone');
  expect(stderr).not.toContain('\u001b');
});
