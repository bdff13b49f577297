/**
 * Holds the API's document against tools of other people: a strict lint, and a client that is generated from it, compiled,
 * and run against a real server. `npm run check:openapi` runs this after a build.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const GENERATED = join(HERE, 'generated');
const MAIN = join(HERE, '../../dist/main.js');

const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function run(command, ...args) {
  console.log(`\n$ ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd: HERE, stdio: 'inherit', env });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

/** The tools are those of the lock file; npm writes down for itself when it installed them. */
function installTools() {
  const installed = join(HERE, 'node_modules/.package-lock.json');
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(HERE, 'package-lock.json')).mtimeMs;
  if (!isCurrent) run('npm', 'ci', '--no-audit', '--no-fund');
}

/** A server with the example handlers; resolves to its address and what ends it. */
async function startServer() {
  const args = [MAIN, 'dev', '--database', ':memory:', '--port', '0', '--log-level', 'error'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  const url = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const found = /listening on\s+(http:\S+)\n/.exec(output);
      if (found) resolve(found[1]);
    });
    exited.then((code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url: await url, stop };
}

async function check(url) {
  const document = await fetch(`${url}/openapi.json`);
  if (!document.ok) throw new Error(`/openapi.json answers ${document.status}`);
  writeFileSync(join(GENERATED, 'openapi.json'), JSON.stringify(await document.json(), null, 2));
  run('npx', 'redocly', 'lint', 'generated/openapi.json');
  // As anybody would who knows nothing of this document: what has a default may be left out all the same.
  run('npx', 'openapi-typescript', 'generated/openapi.json', '-o', 'generated/api.d.ts');
  run('npx', 'tsc', '-p', '.');
  run(process.execPath, 'generated/generated-client.js', url);
}

installTools();
rmSync(GENERATED, { recursive: true, force: true });
mkdirSync(GENERATED);
const server = await startServer();
try {
  await check(server.url);
} finally {
  await server.stop();
}
console.log('\nThe document is sound, and so is the client that is made of it.');
