import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { spooliteIn } from '../support/program.js';

/** Starts a worker with a handlers module of this name and text. */
function workWith(file: string, text: string) {
  const folder = scratchFolder();
  writeFileSync(join(folder, file), text);
  return spooliteIn({}, ['work', '--database', 'queue.db', '--handlers', `./${file}`], folder);
}

async function refusal(file: string, text: string): Promise<string> {
  const program = workWith(file, text);
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toMatch(/^spoolite: /);
  return program.output;
}

describe('a handlers module', () => {
  test.each([
    ['handlers.mjs', 'export default { greet: async () => 1 };'],
    ['handlers.cjs', 'module.exports = { greet: async () => 1 };'],
    ['compiled.cjs', 'exports.__esModule = true; exports.default = { greet: async () => 1 };'],
    ['options.mjs', 'export default { greet: { handler: async () => 1, timeoutSeconds: 5 } };'],
    ['waits.mjs', 'await null; export default { greet: () => 1 };'],
  ])('%s is taken', async (file, text) => {
    await workWith(file, text).says(/types: greet\n/);
  });

  test.each([
    ['named.mjs', 'export const greet = () => 1;', 'must export an object of handlers by task type'],
    ['empty.mjs', 'export default {};', 'must export an object of handlers by task type'],
    ['array.mjs', 'export default [() => 1];', 'must export an object of handlers by task type'],
    ['function.mjs', 'export default () => 1;', 'must export an object of handlers by task type'],
    ['empty.cjs', '', 'must export an object of handlers by task type'],
    ['text.mjs', 'export default { greet: "hello" };', 'for type "greet" must be a function'],
    ['broken.mjs', '\n\nexport default {', 'node --check ./broken.mjs'],
    ['throws.mjs', '\nthrow new Error("no key");', '/throws.mjs:2)'],
    ['throws.cjs', '\nthrow new Error("no key");', '/throws.cjs:2)'],
    ['throws-text.mjs', 'throw "no key";', 'no key'],
    ['imports.mjs', 'import "./nowhere.js";', 'nowhere.js'],
    ['timeout.mjs', 'export default { greet: { handler() {}, timeoutSeconds: -1 } };', 'timeoutSeconds'],
  ])('%s (%s) is refused', async (file, text, reason) => {
    expect(await refusal(file, text)).toContain(reason);
  });

  test('that is not there is named', async () => {
    const program = spooliteIn({}, ['work', '--database', 'q.db', '--handlers', './no.js'], scratchFolder());
    expect((await program.exited).code).toBe(1);
    expect(program.output).toBe('spoolite: The handlers module ./no.js does not exist.\n');
  });

  test('that is a folder is refused', async () => {
    const program = spooliteIn({}, ['work', '--database', 'q.db', '--handlers', '.'], scratchFolder());
    expect((await program.exited).code).toBe(1);
    expect(program.output).toBe('spoolite: . is not a file: name the handlers module itself.\n');
  });

  const text = 'interface Task { type: string }\nexport default { greet: (task: Task) => task.type };';
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

  test('in TypeScript is taken where Node.js runs it, and else told how to go on', async () => {
    if (runsTypeScript) await workWith('handlers.mts', text).says(/types: greet\n/);
    else
      expect(await refusal('handlers.mts', text)).toMatch(/compile it to JavaScript, or use Node\.js 22\.18/);
  });
});
