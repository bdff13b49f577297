import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { listening, type Program, spooliteIn, TEST_HANDLERS } from '../support/program.js';

const start = (...args: string[]): Program => {
  const env = { SPOOLITE_PORT: '0', SPOOLITE_DATABASE: `${scratchFolder()}/queue.db` };
  return spooliteIn({ ...env, SPOOLITE_HANDLERS: TEST_HANDLERS }, args);
};

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test.each([[['dev']], [['serve']], [['serve', '--processes', '2']], [['work']]])(
    'ends %j in good order',
    async (args) => {
      const program = start(...args);
      await program.says(/ worker .+\n/);
      program.signal(signal);
      expect(await program.exited).toEqual({ code: 0, signal: null });
      expect(program.output).toContain('Draining: waiting for running tasks to finish');
    },
  );
});

test('a client that keeps its connection open does not hold up the end', async () => {
  const { program, url } = await listening(start('serve'));
  await program.says(/ worker .+\n/);
  expect((await new Client(url).get('/health')).status).toBe(200);
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
});
