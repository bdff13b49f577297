import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/index.js';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { TestQueue } from '../support/test-queue.js';

describeInBrowser('the page of a task whose attempt threw', (browser) => {
  test('has name and message of the error, and its stack and causes for who opens them', async () => {
    const server = await startQueueServer();
    const queue = new TestQueue({ clock: systemClock, file: server.database });
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const work = () => {
      throw new TypeError('fetch failed', { cause: new AggregateError([refused], 'no address answered') });
    };
    const id = await queue.enqueue({ maxAttempts: 1 });
    await queue.worker({ work }).runOnce();
    const page = await openPage(browser(), `${server.url}/tasks/${id}`);
    const log = page.getByLabel('Log entries');
    await log.getByText('Failed: fetch failed').waitFor();
    const parts = [
      log.getByText(/^at .*attempt-errors\.test/).first(),
      log.getByText('caused by: AggregateError: no address answered'),
      log.getByText('one of: Error: connect ECONNREFUSED [ECONNREFUSED]'),
    ];
    const visible = () => Promise.all(parts.map((part) => part.isVisible()));
    await log.getByText('TypeError: fetch failed', { exact: true }).waitFor();
    expect(await visible()).toEqual([false, false, false]);
    await log.getByText('TypeError: fetch failed', { exact: true }).click();
    expect(await visible()).toEqual([true, true, true]);
    expect(await log.textContent()).not.toContain('{"error"');
  });
});
