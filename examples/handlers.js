// Handlers to try Spoolite with: `npm start` runs them. A handlers module default-exports an object of functions by
// task type; each gets the task, and { signal, progress, log }.
import { open, stat } from 'node:fs/promises';
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

/** Counts lines, words and bytes of a text file, with progress. Payload: { "path": "README.md" }. */
async function wordCount(task, { signal, progress }) {
  const { path } = task.payload;
  // Trying again would not help: this fails the task at once.
  if (typeof path !== 'string')
    throw new Rejected('The payload must name a file, such as {"path":"README.md"}');
  const { size } = await stat(path);
  const file = await open(path);
  const counts = { lines: 0, words: 0, bytes: 0 };
  try {
    for await (const line of file.readLines({ encoding: 'utf8', signal })) {
      counts.lines += 1;
      counts.words += line.split(/\s+/).filter(Boolean).length;
      counts.bytes += Buffer.byteLength(line) + 1;
      if (counts.lines % 1000 === 0) await progress(Math.min(99, Math.floor((counts.bytes / size) * 100)));
    }
  } finally {
    await file.close();
  }
  return { ...counts, bytes: size };
}

export default { countdown, flaky, word_count: wordCount };
