import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';

describeInBrowser('cancel and retry', (browser) => {
  test('of one task are done when they are confirmed, and not before', async () => {
    const { url, client } = await startQueueServer();
    const id = await client.enqueue('mail');
    const page = await openPage(browser(), `${url}/tasks/${id}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByText('Cancel this task?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await client.task(id)).status).toBe('queued');

    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel task' }).click();
    await page.getByRole('heading', { name: `#${id} mail failed: cancelled` }).waitFor();
    await page.getByText('Task cancelled successfully').waitFor();
    expect((await client.task(id)).failure_reason).toBe('cancelled');

    await page.getByRole('button', { name: 'Retry' }).click();
    await dialog.getByRole('button', { name: 'Retry task' }).click();
    await page.getByRole('heading', { name: `#${id} mail queued` }).waitFor();
    await page.getByText('Queued again by user').first().waitFor();
    expect((await client.task(id)).status).toBe('queued');
  });

  test('of many tasks ask for those that can be cancelled or tried again, and tell what came of it', async () => {
    const { url, client } = await startQueueServer();
    const ids = await client.enqueueMany([1, 2, 3, 4].map(() => ({ type: 'mail' })));
    await client.post(`/queue/tasks/${ids[3]}/cancel`);
    const page = await openPage(browser(), `${url}/tasks`);
    for (const id of ids.slice(1)) await page.getByLabel(`Select task ${id}`).check();
    await page.getByText('3 selected').waitFor();
    await page.getByRole('button', { name: 'Retry 1' }).waitFor();
    await page.getByRole('button', { name: 'Cancel 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 tasks' }).click();
    await page.getByText('2 tasks cancelled').waitFor();
    const states = (await client.list()).map(({ task_id, status }) => [task_id, status]);
    expect(states).toEqual([
      [ids[3], 'failed'],
      [ids[2], 'failed'],
      [ids[1], 'failed'],
      [ids[0], 'queued'],
    ]);
    await page
      .getByRole('row', { name: `#${ids[1]}` })
      .getByText('failed: cancelled')
      .waitFor();

    await page.getByLabel('Select all tasks on this page').check();
    await page.getByRole('button', { name: 'Retry 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry 3 tasks' }).click();
    await page.getByText('3 tasks queued again').waitFor();
    expect((await client.stats()).queued_tasks).toBe(4);
  });
});
