import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import { findSettingsFile, readSettings } from '../../src/config/read-config.js';
import { UserError } from '../../src/core/errors.js';
import { settingsFolder } from '../support/cleanup.js';

/** What a file of this name and text gives, or how it is refused: without the folder, which is another each time. */
async function read(name: string, text: string) {
  const folder = settingsFolder({ [name]: text });
  try {
    return (await findSettingsFile({ config: join(folder, name) }, {}))?.values;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replace(`${folder}/`, '');
  }
}

describe('a file that is right', () => {
  test.each([
    ['s.json', '{"port": 80, "types": ["a"]}', { port: 80, types: ['a'] }],
    ['s.json', '\uFEFF{}', {}],
    ['s.yaml', 'port: 80\ntypes:\n  - a\n', { port: 80, types: ['a'] }],
    ['s.yml', '\uFEFFport: 80\r\nhost: localhost\r\n', { port: 80, host: 'localhost' }],
    ['s.yaml', '{"port": 80}', { port: 80 }],
    ['s.yaml', '', {}],
    ['s.yaml', '# port: 80\n', {}],
  ])('%s %j', async (name, text, values) => expect(await read(name, text)).toEqual(values));
});

describe('a file that is wrong says where', () => {
  test.each([
    ['s.json', '', 's.json, line 1, column 1: this is not JSON.'],
    ['s.json', '{\n  "port": 80,\n}', 's.json, line 3, column 1: this is not JSON.'],
    ['s.json', '{\n "port": 1,\n "port": 2\n}', 's.json, line 3, column 2: "port" appears twice.'],
    ['s.yaml', 'port: 80\nhost: [a', /^s\.yaml, line 2, column \d+: .+\.$/],
    ['s.yaml', 'port: 80\nhost: a: b', /^s\.yaml, line 2, column \d+: .+\.$/],
    ['s.yaml', 'port: 80\n\tport: 81', /^s\.yaml, line 2, column \d+: .+\.$/],
    ['s.yaml', 'port: 80\nport: 81\n', /^s\.yaml, line 2, column 1: .*unique.*\.$/],
    ['s.yaml', 'a: 1\n---\nb: 1', /^s\.yaml, line 2, column 1: .+\.$/],
    ['s.yaml', 'port: !!js/function "x"', /^s\.yaml, line 1, column 7: Unresolved tag.+\.$/],
    ['s.yaml', 'port: *nowhere', /^s\.yaml.*nowhere/],
    ['s.yaml', `${'['.repeat(20_000)}`, /^s\.yaml/],
  ])('%s %j', async (name, text, message) => {
    const said = await read(name, text);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(said).not.toContain('\n');
  });

  test('aliases that multiply without end are refused', async () => {
    const steps = Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`);
    const said = await read('s.yaml', ['a0: &a0 x', ...steps].join('\n'));
    expect(said).toMatch(/^s\.yaml cannot be read: .*alias/);
  });

  test.each(['[]', '"port"', '80', 'null'])('%s is JSON, and no settings', async (text) => {
    expect(await read('s.json', text)).toBe(
      's.json must hold settings by their names, such as {"port":8080}.',
    );
  });
});

describe('a name that is no setting', () => {
  test.each([
    ['{"portt": 80}', 's.json: unknown setting "portt": did you mean "port"?'],
    ['{"lease-seconds": 1}', 's.json: unknown setting "lease-seconds": did you mean "leaseSeconds"?'],
    ['{"redis": 1}', 's.json: unknown setting "redis": "spoolite help config" lists the settings.'],
    ['{"__proto__": {}}', 's.json: unknown setting "__proto__": "spoolite help config" lists the settings.'],
    ['{"config": "s"}', 's.json: unknown setting "config": "spoolite help config" lists the settings.'],
  ])('%s', async (text, message) => expect(await read('s.json', text)).toBe(message));
});

test('a name must tell in which language the file is', async () => {
  expect(await read('settings.toml', 'port = 1')).toBe(
    'The settings file settings.toml must end in .json, .yaml or .yml.',
  );
});

test('a file that is named must be there, and be a file', async () => {
  const folder = settingsFolder({ 'd.json/x': '' });
  const named = (name: string) => findSettingsFile({}, { SPOOLITE_CONFIG: join(folder, name) });
  await expect(named('none.json')).rejects.toThrow(/^The settings file .*none\.json does not exist\.$/);
  await expect(named('d.json')).rejects.toThrow(/d\.json is not a file: name the settings file itself\.$/);
  await expect(findSettingsFile({ config: '' }, {})).rejects.toThrow('--config must not be empty');
});

test('an empty variable names no file, and where there is none the defaults hold', async () => {
  const file = await findSettingsFile({}, { SPOOLITE_CONFIG: '' });
  expect(file).toBeUndefined();
  const settings = readSettings({}, {}, file);
  expect(settings.port).toEqual({ value: DEFAULTS.port, source: 'default' });
});
