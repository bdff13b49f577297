// Handlers to try Spoolite with: `npm start` runs them. A handlers module default-exports an object of functions by
// task type; each gets the task, and { signal, progress, log }.
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Rejected } from 'spoolite';

/** Counts down, one step a second (or `step_ms`): something to watch. Payload: { "seconds": 5 }. */
async function countdown(task, { signal, progress, log }) {
  const seconds = task.payload.seconds ?? 5;
  for (let left = seconds; left > 0; left--) {
    await progress(Math.round(((seconds - left) / seconds) * 100), `${left} to go`);
    log.info(`${left}…`);
    await delay(task.payload.step_ms ?? 1000, undefined, { signal });
  }
  await progress(100, 'lift-off');
  return { counted_from: seconds };
}

/** Fails so many times, then succeeds: watch it wait between attempts. Payload: { "fail_times": 2 }. */
async function flaky(task, { log }) {
  const failTimes = task.payload.fail_times ?? 2;
  if (task.attempts <= failTimes) {
    log.warning('This attempt fails on purpose', { attempt: task.attempts });
    throw new Error(`Failed on purpose (${task.attempts} of ${failTimes} times)`);
  }
  return { succeeded_at_attempt: task.attempts };
}

/** True when nothing on the way from the folder to the file leads out of it. Both are real paths. */
function isInside(folder, file) {
  const path = relative(folder, file);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** Opens a file within the working directory: otherwise any client that may enqueue could read any file of the machine. */
async function openInside(path) {
  if (typeof path !== 'string') throw new Rejected('The payload must name a file: { "path": "README.md" }');
  const real = await realpath(path).catch(() => null);
  const allowed = real && isInside(await realpath('.'), real) && (await stat(real)).isFile();
  if (allowed) return open(real);
  throw new Rejected(`There is no file ${path} in the working directory of the worker`);
}

/** Counts lines, words and bytes of a text file, with progress. Payload: { "path": "README.md" }. */
async function wordCount(task, { signal, progress }) {
  const file = await openInside(task.payload.path);
  try {
    const { size } = await file.stat();
    const counts = { lines: 0, words: 0, bytes: size };
    let read = 0;
    for await (const line of file.readLines({ encoding: 'utf8', autoClose: false })) {
      signal.throwIfAborted();
      counts.lines += 1;
      counts.words += line.split(/\s+/).filter(Boolean).length;
      read += Buffer.byteLength(line) + 1;
      if (counts.lines % 1000 === 0) await progress(Math.min(99, Math.floor((read / size) * 100)));
    }
    return counts;
  } finally {
    await file.close();
  }
}

export default { countdown, flaky, word_count: wordCount };
