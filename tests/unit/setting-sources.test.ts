import { describe, expect, test } from '@jest/globals';
import Joi from 'joi';
import { type Config, DEFAULTS } from '../../src/config/options.js';
import { asVariables, flagOf, readConfig, readSettings, variableOf } from '../../src/config/read-config.js';
import { masked, type Traits } from '../../src/config/schemas.js';

/** For each setting a value as a file has it, and one as text. */
const VALUES: Record<Exclude<keyof Config, 'config'>, [unknown, string]> = {
  host: ['localhost', '127.0.0.2'],
  port: [1, '2'],
  database: ['/a.db', '/b.db'],
  durability: ['normal', 'full'],
  handlers: ['/a.js', '/b.js'],
  types: [['a', 'b'], 'c'],
  capabilities: [{ region: ['us'] }, '{"gpu":true}'],
  strategy: ['fifo', 'lifo'],
  concurrency: [1, '2'],
  workerId: ['a', 'b'],
  leaseSeconds: [1.5, '2'],
  graceSeconds: [0, '1'],
  pollSeconds: [0.5, '1'],
  timeoutSeconds: [0, '1'],
  keepCompletedDays: [0.5, '1'],
  keepFailedDays: [0, '1'],
  keepLogDays: [null, '1'],
  keepAuditDays: [1, 'forever'],
  retentionByType: [{ mail: { completed: 1 } }, '{"mail":{"completed":2}}'],
  bodyLimit: [2048, '4096'],
  batchBodyLimit: [2048, '4096'],
  skipUpgradeBackup: [true, 'false'],
  backupFolder: ['/a', '/b'],
  backupIntervalHours: [1, '2'],
  backupKeep: [1, '2'],
  processes: [2, '3'],
  allowUnauthenticated: [true, 'false'],
  hidePayloads: [true, 'false'],
  nodeHttp: [true, 'false'],
  sessionSecret: ['a'.repeat(32), 'b'.repeat(32)],
  allowedHosts: [['a.example'], 'b.example'],
  corsOrigins: [['https://a.example'], 'https://b.example'],
  trustProxy: [['loopback'], '10.0.0.0/8'],
  pollsPerMinute: [1, '2'],
  writesPerMinute: [1, '2'],
  readsPerMinute: [1, '2'],
  authFailuresPerMinute: [1, '2'],
  waitsPerClient: [1, '2'],
  maxWaits: [1, '2'],
  maxConnections: [1, '2'],
  key: ['spool_a', 'spool_b'],
  tlsCert: ['/a.pem', '/b.pem'],
  tlsKey: ['/a.pem', '/b.pem'],
  logLevel: ['warn', 'error'],
  logFormat: ['json', 'pretty'],
  url: ['http://a', 'http://b'],
};

const NAMES = Object.keys(VALUES) as (keyof typeof VALUES)[];

const file = (values: object, path = 'spoolite.config.yaml') => ({ path, values: { ...values } });

test('every setting but the name of the file can be in the file', () => {
  expect(['config', ...NAMES].sort()).toEqual(Object.keys(DEFAULTS).sort());
});

test.each(NAMES)('%s: the flag goes over the variable, that over the file, that over the default', (name) => {
  const [inFile, text] = VALUES[name];
  const settings = file({ [name]: inFile });
  const variables = { [variableOf(name)]: text };
  const parsed = readConfig({ [name]: text }, {})[name];
  expect(parsed).not.toEqual(inFile);
  expect(readSettings({}, {}, file({}))[name]).toEqual({ value: DEFAULTS[name], source: 'default' });
  expect(readSettings({}, {}, settings)[name]).toEqual({ value: inFile, source: 'file' });
  expect(readSettings({}, { [variableOf(name)]: '' }, settings)[name]).toEqual({
    value: inFile,
    source: 'file',
  });
  expect(readSettings({}, variables, settings)[name]).toEqual({ value: parsed, source: 'environment' });
  expect(readSettings({ [name]: text }, { [variableOf(name)]: 'bad' }, settings)[name]).toEqual({
    value: parsed,
    source: 'flag',
  });
});

test.each(NAMES)('%s: what the file says reads the same as a variable', (name) => {
  const [inFile] = VALUES[name];
  const variables = asVariables(readSettings({}, { SPOOLITE_LOG_LEVEL: 'trace' }, file({ [name]: inFile })));
  if (name === 'logLevel') expect(variables).toEqual({});
  else expect(Object.keys(variables)).toEqual([variableOf(name)]);
  if (name !== 'logLevel') expect(readConfig({}, variables)).toEqual({ ...DEFAULTS, [name]: inFile });
});

describe('a value that is wrong names its key and the file', () => {
  test.each([
    [{ port: 70_000 }, 'port must be 65535 or less, not 70000.'],
    [{ port: null }, 'port must be a number, not null.'],
    [{ port: 'http' }, 'port must be a number, not "http".'],
    [{ host: 127 }, 'host must be a string, not 127.'],
    [{ database: '' }, 'database must not be empty, not "".'],
    [{ types: [] }, 'types must have at least one name, not [].'],
    [{ types: 5 }, 'types must be a list of names, not 5.'],
    [{ types: ['a', 5] }, 'types must be names, not ["a",5].'],
    [
      { capabilities: ['us'] },
      'capabilities must be a JSON object, such as {"region":"us-west"}, not ["us"].',
    ],
    [{ allowUnauthenticated: 'yes' }, 'allowUnauthenticated must be true or false, not "yes".'],
  ])('%j', (values, message) => {
    const prefix = 'shop.yaml: ';
    expect(() => readSettings({}, {}, file(values, 'shop.yaml'))).toThrow(prefix + message);
  });

  test('a flag or a variable that is right makes up for it', () => {
    const wrong = file({ port: 'http' });
    expect(readConfig({ port: '1' }, {}, wrong).port).toBe(1);
    expect(readConfig({}, { SPOOLITE_PORT: '2' }, wrong).port).toBe(2);
    expect(() => readConfig({ port: 'x' }, {}, wrong)).toThrow(
      `${flagOf('port')} must be a number, not "x".`,
    );
  });
});

describe('paths', () => {
  const databaseFrom = (path: string, database: string) =>
    readConfig({}, {}, file({ database }, path)).database;

  test('in a file are relative to it', () => {
    expect(databaseFrom('/etc/spoolite/shop.yaml', './data/q.db')).toBe('/etc/spoolite/data/q.db');
    expect(databaseFrom('conf/shop.yaml', '../q.db')).toBe('q.db');
    expect(databaseFrom('spoolite.config.yaml', 'q.db')).toBe('q.db');
    expect(readConfig({}, {}, file({ handlers: './h.js' }, '/etc/s.json')).handlers).toBe('/etc/h.js');
  });

  test('stay as they are when they are absolute, or from elsewhere', () => {
    expect(databaseFrom('/etc/s.yaml', '/var/q.db')).toBe('/var/q.db');
    expect(databaseFrom('/etc/s.yaml', ':memory:')).toBe(':memory:');
    const settings = file({ workerId: './w' }, '/etc/s.yaml');
    expect(readConfig({ database: 'q.db' }, {}, settings)).toMatchObject({
      database: 'q.db',
      workerId: './w',
    });
    expect(readConfig({}, { SPOOLITE_DATABASE: 'q.db' }, settings).database).toBe('q.db');
    expect(readConfig({}, {}, settings).database).toBe(DEFAULTS.database);
  });
});

test('what is secret is masked, and what is not set is not', () => {
  const traits: Traits = { secret: true };
  const secret = Joi.string().meta(traits);
  expect(masked(secret, 'hunter2')).toBe('********');
  expect(masked(secret.min(3).required(), 'hunter2')).toBe('********');
  expect(masked(secret, undefined)).toBeUndefined();
  expect(masked(Joi.string(), 'hunter2')).toBe('hunter2');
});
