import { describe, expect, test } from '@jest/globals';
import { describeWith } from '../../support/processes.js';
import { CommandLine } from '../../support/program.js';
import { api, useTestApp } from '../../support/test-app.js';

const app = useTestApp();
const commandLine = () => new CommandLine(`http://127.0.0.1:${app().port}`);

/** Mails 1 to 3, and a fax. */
async function fill(): Promise<void> {
  for (const type of ['mail', 'mail', 'mail', 'fax']) await api.enqueue(app(), { type });
}

const counts = async () => {
  const { queued_tasks, failed_tasks, total_tasks } = await api.stats(app());
  return [queued_tasks, failed_tasks, total_tasks];
};

describe('tasks chosen by options', () => {
  test('--dry-run counts, --yes does it, and says how many', async () => {
    await fill();
    const line = commandLine();
    expect(await line.json('cancel', '--type', 'mail', '--dry-run')).toEqual({
      matched: 3,
      failure_reasons: null,
      cancelled_left_out: 0,
      done: 0,
    });
    expect(await counts()).toEqual([4, 0, 4]);
    expect(await line.json('cancel', '--type', 'mail', '--yes', '3')).toEqual({ matched: 3, done: 3 });
    expect(await counts()).toEqual([1, 3, 4]);
    const { stdout } = await line.run('retry', '--failure-reason', 'cancelled', '--yes', '10', '--no-json');
    expect(stdout).toBe('3 tasks queued again\n');
    await line.json('cancel', '--all', '--yes', '4');
    const old = ['--created-before', new Date(app().clock.now() + 1).toISOString()];
    expect(await line.json('delete', '--status', 'failed', ...old, '--yes', '4')).toEqual({
      matched: 4,
      done: 4,
    });
    expect(await counts()).toEqual([0, 0, 0]);
    expect(await line.json('delete', '--all')).toMatchObject({ matched: 0, done: 0 });
  });

  test('retry tells why tasks have failed, and leaves cancelled ones alone until they are named', async () => {
    await fill();
    const [task] = await api.claim(app());
    await api.report(app(), 'fail', task, { error_message: 'no', retry: false });
    const line = commandLine();
    await line.run('cancel', '2', '3');
    const found =
      '1 task matches (1 rejected; not included: 2 cancelled (select them with --failure-reason cancelled))';
    const dry = await line.run('retry', '--status', 'failed', '--dry-run', '--no-json');
    expect(dry.stdout).toBe(`${found}\n`);
    const unasked = await line.run('retry', '--status', 'failed');
    expect(unasked.stderr).toBe(`spoolite: ${found}. To queue it again, add --yes 1.\n`);
    expect(await line.json('retry', '--status', 'failed', '--yes', '9')).toEqual({ matched: 1, done: 1 });
    expect(await counts()).toEqual([2, 2, 4]);
    const failed = await line.json('list', '--failure-reason', 'cancelled');
    expect(failed.map(({ task_id }: { task_id: number }) => task_id)).toEqual([3, 2]);
    expect(await line.json('list', '--failure-reason', 'timeout')).toEqual([]);
  });

  test('more than --yes has it, and no --yes where nobody can be asked, change nothing', async () => {
    await fill();
    const line = commandLine();
    expect(await line.run('cancel', '--all', '--yes', '3')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'spoolite: 4 tasks match, more than 3: nothing was changed.\n',
    });
    expect(await line.run('cancel', '--type', 'fax')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'spoolite: 1 task matches. To cancel it, add --yes 1.\n',
    });
    expect(await counts()).toEqual([4, 0, 4]);
  });

  test.each([
    [['cancel'], /Select tasks: by id, or by options such as --type/],
    [['cancel', '--yes', '5'], /Select tasks: by id/],
    [['cancel', '1', '--type', 'mail'], /not both/],
    [['delete', '1', '--dry-run'], /not both/],
    [['cancel', '--status', 'completed'], /Allowed choices are queued, processing/],
    [['retry', '--created-after', 'yesterday'], /It must be a date and a time/],
    [['delete', '--all', '--yes', 'all'], /It must be a whole number/],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await commandLine().run(...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });
});

test('delete takes tasks by their numbers, and says which it could not', async () => {
  await fill();
  const line = commandLine();
  await line.run('cancel', '1', '2');
  expect(await line.json('delete', '1', '1')).toEqual({ matched: 1, done: 1 });
  expect(await line.run('delete', '1', '2', '3')).toEqual({
    code: 1,
    stdout: '{"matched":1,"done":1}\n',
    stderr: 'spoolite: Task 3 is queued: cancel it first.\nspoolite: 1 task not found.\n',
  });
});

// What makes the terminal is a Python program.
describeWith('python3', 'in a terminal', () => {
  test('the number must be typed', async () => {
    await fill();
    const program = commandLine().inTerminal('cancel', '--type', 'mail');
    await program.says(/3 tasks match\. Type the number to cancel them: /);
    program.type('3\n');
    expect((await program.exited).code).toBe(0);
    expect(program.output).toContain('3 tasks cancelled');
    expect(await counts()).toEqual([1, 3, 4]);
  });

  test('another number, or yes, changes nothing; nor does Ctrl-C', async () => {
    await fill();
    const program = commandLine().inTerminal('cancel', '--all');
    await program.says(/Type the number/);
    program.type('yes\n');
    expect((await program.exited).code).toBe(1);
    expect(program.output).toContain('The number does not match: nothing was changed.');
    const interrupted = commandLine().inTerminal('cancel', '--all');
    await interrupted.says(/Type the number/);
    interrupted.signal('SIGINT');
    expect((await interrupted.exited).code).toBe(130);
    expect(await counts()).toEqual([4, 0, 4]);
  });
});
