import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/options.js';
import { flagOf, readConfig, variableOf, withoutOwnVariables } from '../../src/config/read-config.js';
import { UserError } from '../../src/core/errors.js';

const DEFAULTS = {
  config: undefined,
  host: '127.0.0.1',
  port: 8000,
  database: './data/spoolite.db',
  durability: 'full',
  handlers: undefined,
  types: undefined,
  capabilities: {},
  strategy: 'priority',
  concurrency: 10,
  workerId: undefined,
  leaseSeconds: 60,
  graceSeconds: 30,
  pollSeconds: 5,
  timeoutSeconds: 3600,
  keepCompletedDays: 7,
  keepFailedDays: 30,
  keepLogDays: 30,
  keepAuditDays: 365,
  retentionByType: {},
  bodyLimit: 1024 * 1024,
  batchBodyLimit: 8 * 1024 * 1024,
  skipUpgradeBackup: false,
  backupFolder: undefined,
  backupIntervalHours: 24,
  backupKeep: 7,
  processes: 1,
  allowUnauthenticated: false,
  hidePayloads: false,
  sessionSecret: undefined,
  allowedHosts: [],
  corsOrigins: [],
  trustProxy: [],
  pollsPerMinute: 0,
  writesPerMinute: 0,
  readsPerMinute: 0,
  authFailuresPerMinute: 30,
  waitsPerClient: 2000,
  maxWaits: 10_000,
  maxConnections: 16_384,
  nodeHttp: false,
  tlsCert: undefined,
  tlsKey: undefined,
  logLevel: 'info',
  logFormat: 'auto',
  url: 'http://127.0.0.1:8000',
  key: undefined,
};

const NAMES = Object.keys(DEFAULTS) as (keyof Config)[];

const SWITCHES: (keyof Config)[] = ['allowUnauthenticated', 'hidePayloads', 'nodeHttp', 'skipUpgradeBackup'];

/** For each option a good value as text, and what it is read as. */
const GOOD: Record<keyof Config, [string, unknown]> = {
  config: ['./shop.yaml', './shop.yaml'],
  host: ['localhost', 'localhost'],
  port: ['0', 0],
  database: ['/var/lib/queue.db', '/var/lib/queue.db'],
  durability: ['normal', 'normal'],
  handlers: ['./handlers.js', './handlers.js'],
  types: ['mail, video', ['mail', 'video']],
  capabilities: ['{"region":["us","eu"],"gpu":true}', { region: ['us', 'eu'], gpu: true }],
  strategy: ['weighted_random', 'weighted_random'],
  concurrency: ['1', 1],
  workerId: ['worker 1', 'worker 1'],
  leaseSeconds: ['1.5', 1.5],
  graceSeconds: ['0', 0],
  pollSeconds: ['0.01', 0.01],
  timeoutSeconds: ['0', 0],
  keepCompletedDays: ['0.5', 0.5],
  keepFailedDays: ['0', 0],
  keepLogDays: ['forever', null],
  keepAuditDays: ['1000', 1000],
  retentionByType: ['{"mail":{"completed":1,"logs":"forever"}}', { mail: { completed: 1, logs: null } }],
  bodyLimit: ['2048', 2048],
  batchBodyLimit: ['1024', 1024],
  skipUpgradeBackup: ['true', true],
  backupFolder: ['./backups', './backups'],
  backupIntervalHours: ['0.5', 0.5],
  backupKeep: ['30', 30],
  processes: ['4', 4],
  allowUnauthenticated: ['true', true],
  hidePayloads: ['true', true],
  nodeHttp: ['true', true],
  sessionSecret: ['0123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef'],
  allowedHosts: ['Queue.example.com, q', ['queue.example.com', 'q']],
  corsOrigins: [
    'https://example.com, http://localhost:3000',
    ['https://example.com', 'http://localhost:3000'],
  ],
  trustProxy: ['loopback, 10.0.0.0/8,::1', ['loopback', '10.0.0.0/8', '::1']],
  pollsPerMinute: ['6000', 6000],
  writesPerMinute: ['0', 0],
  readsPerMinute: ['1', 1],
  authFailuresPerMinute: ['1', 1],
  waitsPerClient: ['1', 1],
  maxWaits: ['100000', 100_000],
  maxConnections: ['1', 1],
  tlsCert: ['./cert.pem', './cert.pem'],
  tlsKey: ['/etc/key.pem', '/etc/key.pem'],
  logLevel: ['silent', 'silent'],
  logFormat: ['json', 'json'],
  url: ['https://queue.example.org/spoolite', 'https://queue.example.org/spoolite'],
  key: ['spool_x', 'spool_x'],
};

/** For each option values that are refused. */
const BAD: Record<keyof Config, string[]> = {
  config: [],
  host: ['not a host', 'http://localhost'],
  port: ['-1', '65536', '80.5', 'http', '0x50 '],
  database: [],
  durability: ['none', 'FULL'],
  handlers: [],
  types: ['a,,b', ','],
  capabilities: ['{', '[]', 'us', '1'],
  strategy: ['random', 'FIFO'],
  concurrency: ['0', '1001', '2.5', 'many'],
  workerId: ['w'.repeat(201)],
  leaseSeconds: ['0.9', '3601', 'NaN', 'Infinity'],
  graceSeconds: ['-1', '86401'],
  pollSeconds: ['0', '3601'],
  timeoutSeconds: ['-1', '99999999'],
  keepCompletedDays: ['-1', 'ever'],
  keepFailedDays: ['-0.1'],
  keepLogDays: ['for ever'],
  keepAuditDays: ['-1'],
  retentionByType: [
    '[]',
    '{"mail":1}',
    '{"mail":{}}',
    '{"mail":{"complete":1}}',
    '{"mail":{"failed":-1}}',
    '{"":{"failed":1}}',
  ],
  bodyLimit: ['1023', '1 MB'],
  batchBodyLimit: ['10', '2048.5'],
  skipUpgradeBackup: ['yes', '1'],
  backupFolder: [],
  backupIntervalHours: ['0', '35001', 'daily'],
  backupKeep: ['0', '1.5', '10001'],
  processes: ['0', '65', '1.5'],
  allowUnauthenticated: ['yes', '1'],
  hidePayloads: ['yes', '1'],
  nodeHttp: ['yes', '1'],
  sessionSecret: ['short'],
  allowedHosts: ['a b', 'http://a', ','],
  corsOrigins: ['example.com', 'https://example.com/', '*', 'null'],
  trustProxy: ['proxy.example', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', 'toString', 'true'],
  pollsPerMinute: ['-1', '1.5', 'off'],
  writesPerMinute: ['-1', '1e12'],
  readsPerMinute: ['-1'],
  authFailuresPerMinute: ['0'],
  waitsPerClient: ['0'],
  maxWaits: ['0'],
  maxConnections: ['0'],
  tlsCert: [],
  tlsKey: [],
  logLevel: ['loud', 'INFO'],
  logFormat: ['xml'],
  url: ['localhost:8000', 'ftp://localhost', 'http://'],
  key: [],
};

describe('readConfig', () => {
  test('without anything gives the defaults, which nobody can change', () => {
    const config = readConfig({}, {});
    expect(config).toEqual(DEFAULTS);
    expect(Object.keys(config).sort()).toEqual([...NAMES].sort());
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each(NAMES)('%s is read from its variable and, above that, from its flag', (name) => {
    const [text, value] = GOOD[name];
    expect(readConfig({}, { [variableOf(name)]: text })).toEqual({ ...DEFAULTS, [name]: value });
    expect(readConfig({ [name]: text }, {})).toEqual({ ...DEFAULTS, [name]: value });
    const other = SWITCHES.includes(name) ? 'false' : 'not looked at';
    expect(readConfig({ [name]: text }, { [variableOf(name)]: other })).toEqual({
      ...DEFAULTS,
      [name]: value,
    });
  });

  test('an empty variable is none; an empty flag is a mistake', () => {
    const variables = Object.fromEntries(NAMES.map((name) => [variableOf(name), '']));
    expect(readConfig({}, variables)).toEqual(DEFAULTS);
    for (const name of NAMES.filter((name) => !SWITCHES.includes(name))) {
      expect(() => readConfig({ [name]: '' }, {})).toThrow(flagOf(name));
    }
  });

  const bad = NAMES.flatMap((name) => BAD[name].map((value) => [name, value] as const));

  test.each(bad)('%s is not "%s", and whoever gave it is told where', (name, value) => {
    const asFlag = () => readConfig({ [name]: value }, {});
    const asVariable = () => readConfig({}, { [variableOf(name)]: value });
    expect(asFlag).toThrow(UserError);
    expect(asFlag).toThrow(`${flagOf(name)} must`);
    expect(asVariable).toThrow(`${variableOf(name)} must`);
    expect(asFlag).toThrow(`not "${name === 'sessionSecret' ? '********' : value}".`);
  });

  test('every option has values that are refused, except where any text will do', () => {
    const anyText = NAMES.filter((name) => BAD[name].length === 0);
    expect(anyText).toEqual(['config', 'database', 'handlers', 'backupFolder', 'tlsCert', 'tlsKey', 'key']);
  });

  test('reads the environment of the process', () => {
    const { SPOOLITE_PORT } = process.env;
    process.env.SPOOLITE_PORT = '4321';
    try {
      expect(readConfig({}).port).toBe(4321);
    } finally {
      if (SPOOLITE_PORT === undefined) delete process.env.SPOOLITE_PORT;
      else process.env.SPOOLITE_PORT = SPOOLITE_PORT;
    }
  });
});

test('flags and variables are named alike', () => {
  expect(NAMES.map(flagOf)).toContain('--lease-seconds');
  expect(NAMES.map(variableOf)).toContain('SPOOLITE_LEASE_SECONDS');
  expect([flagOf('host'), variableOf('host')]).toEqual(['--host', 'SPOOLITE_HOST']);
});

test('an environment without what is meant for this program keeps the rest', () => {
  expect(withoutOwnVariables({ PATH: '/bin', SPOOLITE_PORT: '1', SPOOLITE: 'kept' })).toEqual({
    PATH: '/bin',
    SPOOLITE: 'kept',
  });
});
