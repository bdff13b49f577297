/**
 * Does what the Dockerfile says, step by step, without Docker: on layers over this machine's own file system, with its
 * Node.js in place of the images'. Then starts what came out, as its user, on a tree that cannot be written, and uses it as
 * docs/deployment.md says. `npm run check:image` runs this. It needs Linux, and root or namespaces for users.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDockerfile } from './read-dockerfile.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = join(PROJECT, 'tests/packaging');

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const quotedAll = (words) => words.map(quoted).join(' ');

/** What the build is given: .dockerignore leaves everything out, and names what is let through. */
function contextFiles() {
  const lines = readFileSync(join(PROJECT, '.dockerignore'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

/** Lines of shell for one step of the stage, as far as a step of a build does something. */
function linesOf(step, stage, workdir) {
  const root = `"$SCRATCH/${stage}/root"`;
  const inside = `${root}${workdir}`;
  switch (step.name) {
    case 'WORKDIR':
      return [`mkdir -p ${root}${step.text}`];
    case 'RUN':
      return [
        `echo ${quoted(`== RUN ${step.text}`)}`,
        `within ${stage} ${workdir} sh -c ${quoted(step.text)}`,
      ];
    case 'COPY':
      return copyLines(step, inside);
    case 'ENV':
      return step.words.map((assignment) => `export ${assignment}`);
    default:
      return [];
  }
}

function copyLines({ flags, words }, inside) {
  const sources = words.slice(0, -1);
  const target = `${inside}/${words.at(-1)}`;
  const copy = (from) => `cp -a ${from} ${target}`;
  const made = `mkdir -p ${inside}/${words.at(-1).endsWith('/') ? words.at(-1) : '.'}`;
  if (flags.from) return [made, ...sources.map((path) => copy(`"$SCRATCH/${flags.from}/root"${path}`))];
  const files = sources[0] === '.' ? contextFiles() : sources;
  return [made, ...files.map((path) => copy(quoted(join(PROJECT, path))))];
}

function stageLines({ steps }, stage) {
  let workdir = '/';
  const lines = [`layer ${stage}`];
  for (const step of steps) {
    lines.push(...linesOf(step, stage, workdir));
    if (step.name === 'WORKDIR') workdir = step.text;
  }
  return lines;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function scriptFor(stages, port) {
  const last = stages.at(-1);
  const wordsOf = (name) => quotedAll(last.steps.find((step) => step.name === name).words);
  return [
    `. ${quoted(join(HERE, 'container.sh'))}`,
    ...stages.flatMap((stage) => stageLines(stage, stage.name ?? 'image')),
    'seal image',
    `ENTRYPOINT=(${wordsOf('ENTRYPOINT')}) COMMAND=(${wordsOf('CMD')}) HEALTHCHECK=(${wordsOf('HEALTHCHECK')})`,
    `USER_NAME=${wordsOf('USER')} PORT=${port}`,
    // The one thing that differs from the image: this machine may use its port already.
    `export SPOOLITE_PORT=${port}`,
    `. ${quoted(join(HERE, 'use-image.sh'))}`,
    'echo "The image builds, runs and ends."',
  ].join('\n');
}

const scratch = mkdtempSync(join(tmpdir(), 'spoolite-image-'));
try {
  const stages = readDockerfile(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8'));
  const user = process.getuid() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', ...user];
  const script = scriptFor(stages, await freePort());
  const env = { ...process.env, SCRATCH: scratch };
  const { status } = spawnSync('unshare', [...namespaces, 'bash', '-c', script], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
