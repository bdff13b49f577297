import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { DEFAULTS } from '../../src/config/options.js';
import { scratchFolder } from '../support/cleanup.js';
import { PROJECT, projectFile } from '../support/documentation.js';
import { testCertificate } from '../support/processes.js';
import { listening, Program, spooliteIn } from '../support/program.js';
import { readDockerfile } from './read-dockerfile.js';

interface Step {
  name: string;
  flags: Record<string, string>;
  text: string;
  words: string[];
}

const stages = readDockerfile(projectFile('Dockerfile')) as { from: string; name?: string; steps: Step[] }[];
const last = stages.at(-1) as (typeof stages)[number];
const step = (name: string): Step => last.steps.find((one) => one.name === name) as Step;

describe('the Dockerfile', () => {
  test('builds on the version of Node.js that is supported, and runs on its slim image', () => {
    expect(stages.map(({ from }) => from)).toEqual(['node:20-bookworm', 'node:20-bookworm-slim']);
  });

  test('leaves out what only the build needs', () => {
    const runs = stages[0]?.steps.filter(({ name }) => name === 'RUN').map(({ text }) => text) ?? [];
    expect(runs.at(-1)).toMatch(/^npm prune --omit=dev /);
  });

  test('takes nothing into the image but what runs', () => {
    const copies = last.steps.filter(({ name }) => name === 'COPY');
    expect(copies.every(({ flags }) => flags.from === 'build')).toBe(true);
    const taken = copies.flatMap(({ words }) => words.slice(0, -1)).map((path) => path.replace('/app/', ''));
    expect(taken.sort()).toEqual(
      [
        'LICENSE',
        'dist',
        'drizzle',
        'examples',
        'node_modules',
        'package.json',
        'scripts/health-check.js',
      ].sort(),
    );
  });

  test('runs as another user than root, and gets signals itself', () => {
    expect(step('USER').text).toBe('node');
    expect(step('STOPSIGNAL').text).toBe('SIGTERM');
    expect(step('ENTRYPOINT').words).toEqual(['node', 'dist/main.js']);
    expect(step('CMD').words).toEqual(['serve']);
    // Nothing after this is done as root.
    const names = last.steps.map(({ name }) => name);
    expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
  });

  test('the files that it copies are let through by .dockerignore', () => {
    const [first, ...let_] = projectFile('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(first).toBe('*');
    const through = let_.map((line) => line.slice(1));
    for (const path of through) expect(existsSync(`${PROJECT}/${path}`)).toBe(true);
    expect(through).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', 'src', 'scripts', 'drizzle']),
    );
    expect(through).not.toContain('data');
  });
});

describe('the health check', () => {
  const check = step('HEALTHCHECK').words;
  const healthy = async (env: NodeJS.ProcessEnv) => {
    const [command, ...args] = check as [string, string];
    const program = new Program(command, args, env, { cwd: PROJECT });
    const { code } = await program.exited;
    expect(program.output).toBe('');
    return code;
  };

  test('is 0 while the server answers, 1 when it no longer does', async () => {
    const { program, url } = await listening(
      spooliteIn({}, ['serve', '--port', '0', '--database', ':memory:']),
    );
    const env = { SPOOLITE_PORT: new URL(url).port };
    expect(await healthy(env)).toBe(0);
    await program.kill();
    expect(await healthy(env)).toBe(1);
  });

  test('asks by https a server that has a certificate', async () => {
    const { cert, key } = testCertificate(scratchFolder());
    const args = ['serve', '--port', '0', '--database', ':memory:'];
    const { url } = await listening(spooliteIn({ SPOOLITE_TLS_CERT: cert, SPOOLITE_TLS_KEY: key }, args));
    const env = { SPOOLITE_PORT: new URL(url).port };
    expect(await healthy(env)).toBe(1);
    expect(await healthy({ ...env, SPOOLITE_TLS_CERT: cert })).toBe(0);
  });

  test('asks where the server listens unless it is told otherwise', () => {
    expect(step('EXPOSE').text).toBe(String(DEFAULTS.port));
    expect(projectFile('scripts/health-check.js')).toContain(`|| ${DEFAULTS.port}`);
  });
});

describe('the compose file', () => {
  const { services, volumes } = parse(projectFile('compose.yaml'), { merge: true });

  test.each(['server', 'worker'])('%s can do no more than it has to', (name) => {
    expect(services[name]).toMatchObject({
      build: '.',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
      volumes: ['data:/data'],
    });
    expect(Object.keys(volumes)).toEqual(['data']);
  });

  test.each(['server', 'worker'])('%s is given longer to stop than the program gives what runs', (name) => {
    const { stop_grace_period: grace, environment } = services[name];
    expect(Number.parseInt(grace, 10)).toBeGreaterThan(Number(environment.SPOOLITE_GRACE_SECONDS) + 10);
  });

  test('the server is for this machine alone, and the worker waits until it is healthy', () => {
    expect(services.server.ports).toEqual(['127.0.0.1:8000:8000']);
    expect(services.worker.ports).toBeUndefined();
    expect(services.worker.depends_on).toEqual({ server: { condition: 'service_healthy' } });
    expect(services.worker.healthcheck).toEqual({ disable: true });
  });
});
