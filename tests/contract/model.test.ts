import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMANDS, Witness } from '../support/model-commands.js';
import { QueueModel } from '../support/queue-model.js';
import { type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';
import { openInMemory, openOnFile } from '../support/sqlite.js';

/** Every run begins with tasks to be claimed: else short ones would do nothing much. */
const STARTING_TASKS = 3;

async function begin(open: OpenStorage) {
  // Closed after its run, and then forgotten: there are very many of them where a failure is shrunk.
  const queue = new QueueUnderTest(open, () => undefined);
  const model = new QueueModel(queue.clock.now());
  for (let count = 0; count < STARTING_TASKS; count++) {
    const wishes = { type: 'mail', priority: 50, maxAttempts: 2, runAfter: null };
    model.enqueue(await queue.enqueue(wishes), wishes);
  }
  return { model, real: { queue, witness: new Witness() } };
}

/** Random commands, on a real queue and on the model. A failure prints its seed and its shrunk commands. */
const behavesLikeItsModel = (open: OpenStorage, runs: fc.Parameters<unknown>) =>
  fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { size: 'max', maxCommands: 60 }), async (commands) => {
      const both = await begin(open);
      try {
        await fc.asyncModelRun(() => both, commands);
      } finally {
        await both.real.queue.storage.close();
      }
    }),
    // A busy machine does fewer runs, or shrinks less.
    { interruptAfterTimeLimit: 20_000, ...runs },
  );

test('a queue in memory behaves like its model', async () => {
  await behavesLikeItsModel((clock) => openInMemory(clock), { numRuns: 120 });
}, 60_000);

test('a queue on a file behaves like its model', async () => {
  await behavesLikeItsModel((clock) => openOnFile(clock), { numRuns: 8 });
}, 60_000);

test('a queue that does otherwise is found out, and the failure says its seed and its commands', async () => {
  const lying = (clock: QueueUnderTest['clock']) => {
    const storage = openInMemory(clock);
    storage.repositories.leases.reap = async () => 99;
    return storage;
  };
  const failing = behavesLikeItsModel(lying, { numRuns: 1000, endOnFailure: true });
  await expect(failing).rejects.toThrow(/seed: -?\d+[\s\S]*reap/);
}, 60_000);
