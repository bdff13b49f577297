import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';

const mails = (count: number) => Array.from({ length: count }, () => ({ type: 'mail' }));

describeInBrowser('all tasks that match', (browser) => {
  test('are counted, cancelled, tried again and deleted once their number was confirmed', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany(mails(1000));
    await client.enqueueMany([{ type: 'fax' }, ...mails(200)]);
    const page = await openPage(browser(), `${url}/tasks?type=mail`);
    const dialog = page.getByRole('dialog');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

    await press('Cancel all…');
    await dialog.getByText('Cancel 1,200 tasks?').waitFor();
    await dialog.getByText('All live tasks of type “mail”: 1,200 tasks.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await client.stats()).queued_tasks).toBe(1201);

    await press('Cancel all…');
    await dialog.getByRole('button', { name: 'Cancel 1,200 tasks' }).click();
    await page.getByText('1,200 tasks cancelled', { exact: true }).waitFor();
    await page.getByRole('row', { name: '#1201 mail' }).getByText('failed: cancelled').waitFor();
    expect(await client.stats()).toMatchObject({ queued_tasks: 1, failed_tasks: 1200 });
    await press('Cancel all…');
    await page.getByText('No task can be cancelled').waitFor();

    // What somebody cancelled is tried again only where that is asked for.
    await press('Retry all…');
    await page.getByText('1,200 cancelled tasks are not included').waitFor();
    await page.getByLabel('Reason').selectOption('cancelled');
    await press('Retry all…');
    await dialog.getByText('By reason: 1,200 cancelled.').waitFor();
    await dialog.getByRole('button', { name: 'Retry 1,200 tasks' }).click();
    await page.getByText('1,200 tasks queued again', { exact: true }).waitFor();
    await page.getByLabel('Reason').selectOption('any');

    await press('Cancel all…');
    await dialog.getByRole('button', { name: 'Cancel 1,200 tasks' }).click();
    await page.getByText('1,200 tasks cancelled', { exact: true }).waitFor();
    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('button', { name: 'Cancel all…' }).waitFor({ state: 'detached' });
    await press('Delete all…');
    await dialog.getByRole('button', { name: 'Delete 1,200 tasks' }).click();
    await page.getByText('1,200 tasks deleted', { exact: true }).waitFor();
    await page.getByText('No task matches').waitFor();
    expect(await client.stats()).toMatchObject({ total_tasks: 1 });
  });

  test('are left alone when there are more of them than were confirmed', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany(mails(2));
    const page = await openPage(browser(), `${url}/tasks`);
    await page.getByRole('button', { name: 'Cancel all…' }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 tasks' });
    await confirm.waitFor();
    await client.enqueueMany(mails(1));
    await confirm.click();
    await page.getByText('3 tasks match, more than the 2 that were expected: nothing was changed').waitFor();
    expect((await client.stats()).queued_tasks).toBe(3);
  });
});
