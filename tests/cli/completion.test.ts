import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TASK_STATUSES } from '../../src/core/task.js';
import { LOG_LEVELS } from '../../src/core/task-log.js';
import { scratchFolder } from '../support/cleanup.js';
import { describeWith } from '../support/processes.js';
import { CommandLine } from '../support/program.js';

const line = new CommandLine('http://127.0.0.1:9');

/** What is offered for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, stdout } = await line.run('complete', '--', ...words);
  expect(code).toBe(0);
  return stdout.split('\n').filter(Boolean);
}

describe('what is offered', () => {
  test.each([
    [['sta'], ['status', 'stats']],
    [['--ver'], ['--version']],
    [['help', 'to'], ['torture']],
    [['list', '--st'], ['--status']],
    [['list', '--status', ''], [...TASK_STATUSES]],
    [['list', '--status', 'f'], ['failed']],
    [['logs', '7', '--level', ''], [...LOG_LEVELS]],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['status', ''], []],
    [['list', '--type', ''], []],
    [['nonsense', ''], []],
  ])('for %j', async (words, expected) => expect(await offered(...words)).toEqual(expected));

  test('at the beginning: the commands, and no option', async () => {
    const all = await offered('');
    expect(all).toEqual(
      expect.arrayContaining(['dev', 'serve', 'work', 'enqueue', 'tail', 'completion', 'help']),
    );
    expect(all).not.toContain('complete');
    expect(all.join()).not.toContain('-');
  });
});

describe('bash', () => {
  /** What bash offers, typing this; `words` are as the shell has cut them. */
  async function typed(words: string): Promise<string> {
    const program = line.shell(`
      eval "$(spoolite completion bash)"
      eval "$(spoolite completion bash)"
      COMP_WORDS=(${words}) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _spoolite
      echo "\${COMPREPLY[*]}"
      complete -p spoolite
    `);
    expect(await program.exited).toMatchObject({ code: 0 });
    const [found, registered] = program.output.split('\n');
    expect(registered).toBe('complete -o default -F _spoolite spoolite');
    return found as string;
  }

  test('completes commands, options and values', async () => {
    expect(await typed('spoolite sta')).toBe('status stats');
    expect(await typed("spoolite list --status ''")).toBe('queued processing completed failed');
  });

  test('evaluates nothing of what is only being typed', async () => {
    const file = join(scratchFolder(), 'made');
    expect(await typed(`spoolite enqueue '$(touch ${file})' --pri`)).toBe('--priority');
    expect(existsSync(file)).toBe(false);
  });
});

for (const [shell, begin] of [
  ['zsh', 'autoload -U compinit && compinit -D'],
  ['fish', 'true'],
] as const) {
  describeWith(shell, shell, () => {
    test('takes the script', async () => {
      const { stdout } = await line.run('completion', shell);
      const { status, stderr } = spawnSync(shell, ['-c', `${begin}\n${stdout}`], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  });
}
