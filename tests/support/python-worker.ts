import { fileURLToPath } from 'node:url';
import { Program } from './program.js';

const SCRIPT = fileURLToPath(new URL('python-worker.py', import.meta.url));

/** The Python worker of the examples, with the handlers for tests, as a process; ready to claim. */
export async function startPythonWorker(
  url: string,
  { concurrency = 4, env = {} }: { concurrency?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Program> {
  const args = [SCRIPT, '--url', url, '--worker-id', 'python', '--concurrency', String(concurrency)];
  const worker = new Program('python3', args, { ...env, PYTHONUNBUFFERED: '1', no_proxy: '127.0.0.1' });
  await worker.says(/python works on/);
  return worker;
}
