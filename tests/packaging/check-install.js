/**
 * Packs the package, installs it in an empty folder as its users do, and uses it there: the program by `npx`, both
 * modules from a TypeScript program under either resolution of modules, and from suites of tests. `npm run check:package` runs this after a build.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSuites } from './check-suites.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = join(PROJECT, 'node_modules/typescript/bin/tsc');
const RESOLUTIONS = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
];

const scratch = mkdtempSync(join(tmpdir(), 'spoolite-package-'));
const folder = join(scratch, 'empty');

/** Runs a program to its end; returns what it said to standard output. Throws when it fails. */
function run(cwd, command, ...args) {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stdout}`);
  return stdout.trim();
}

function requireEqual(what, found, expected) {
  if (found !== expected) throw new Error(`${what}: "${found}" instead of "${expected}"`);
}

function install() {
  run(PROJECT, 'npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', scratch);
  const [tarball] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
  mkdirSync(folder);
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', join(scratch, tarball));
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  requireEqual('npx spoolite --version', run(folder, 'npx', 'spoolite', '--version'), version);
}

/** `npx spoolite dev`, in a group of its own, as signals do not all pass through npx; resolves once it listens. */
async function startServer() {
  const child = spawn('npx', ['spoolite', 'dev', '--port', '0', '--log-level', 'error'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = () => {
    process.kill(-child.pid, 'SIGTERM');
    return ended;
  };
  let output = '';
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const found = /listening on\s+(http:\S+)\n/.exec(output);
      if (found) resolve(found[1]);
    });
    ended.then((code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return { url, stop };
}

/** A task by the command line, from enqueueing to its result. */
async function runTask() {
  const { url, stop } = await startServer();
  try {
    const spoolite = (...args) => JSON.parse(run(folder, 'npx', 'spoolite', ...args, '--url', url));
    const { task_id: id } = spoolite('enqueue', 'countdown', '{"seconds":1}');
    requireEqual('the task', spoolite('wait', String(id)).status, 'completed');
    const page = await fetch(url);
    requireEqual('the dashboard', page.headers.get('content-type'), 'text/html; charset=utf-8');
    requireEqual('the reference', (await fetch(`${url}/docs`)).status, 200);
  } finally {
    await stop();
  }
}

/** The declarations are checked too: what they refer to must have come along. */
function compile() {
  copyFileSync(join(PROJECT, 'tests/packaging/consumer.ts'), join(folder, 'consumer.mts'));
  const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node'];
  for (const [module, resolution] of RESOLUTIONS) {
    const how = ['--module', module, '--moduleResolution', resolution];
    run(folder, process.execPath, COMPILER, ...strict, ...how, 'consumer.mts');
    requireEqual('the program', run(folder, process.execPath, 'consumer.mjs'), 'The sum is 3');
  }
}

try {
  install();
  await runTask();
  compile();
  checkSuites(folder, run);
  console.log('The package installs, runs and compiles, and suites of every kind load it.');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
