import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';

describeInBrowser('the overview', (browser) => {
  test('shows what happened by the minute, with the age of the oldest queued task, also as numbers', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany([{ type: 'mail' }, { type: 'mail' }, { type: 'print' }]);
    const [task] = await client.claim({ worker_id: 'robot', types: ['print'] });
    await client.post(`/queue/tasks/${task.task_id}/complete`, { lease_token: task.lease_token });
    const page = await openPage(browser(), url);
    await page.locator('summary', { hasText: 'Data table: tasks per minute' }).click();
    const numbers = page.getByLabel('Data table: tasks per minute').locator('tbody tr');
    expect(await numbers.count()).toBe(60);
    // It may have begun in the minute before.
    const rows = (await numbers.all()).slice(0, 2);
    const cells = await Promise.all(rows.map((row) => row.locator('td').allTextContents()));
    const sum = (column: number) => cells.reduce((total, row) => total + Number(row[column]), 0);
    expect([sum(1), sum(2), sum(3)]).toEqual([3, 1, 0]);
    expect(cells[0]?.[4]).toMatch(/^\d+(\.\d+)? (ms|s)$/);
    await page.getByRole('button', { name: '7 d' }).click();
    await page.getByRole('button', { name: '7 d', pressed: true }).waitFor();
    await expect(numbers.nth(83).waitFor()).resolves.toBeUndefined();
    expect(await numbers.count()).toBe(84);
  });

  test('leads from its counts and types to the tasks', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany([{ type: 'mail & more' }, { type: 'print' }]);
    await client.post('/queue/tasks/2/cancel');
    const page = await openPage(browser(), url);
    await page.getByRole('link', { name: 'Failed 1' }).click();
    await page.getByRole('link', { name: '#2' }).waitFor();
    expect(page.url()).toBe(`${url}/tasks?status=failed`);
    await page.goBack();
    await page
      .getByRole('row', { name: /mail & more/ })
      .getByRole('link', { name: '1' })
      .click();
    await page.getByRole('link', { name: '#1' }).waitFor();
    expect(await page.getByLabel('Type').inputValue()).toBe('mail & more');
    expect(await page.getByLabel('Status').inputValue()).toBe('queued');
  });

  test('leads to the reference of the API', async () => {
    const { url } = await startQueueServer();
    const page = await openPage(browser(), url);
    await page.getByRole('link', { name: 'API' }).click();
    await page.waitForURL(`${url}/docs`);
    await page.locator('.opblock-post').first().waitFor();
  });
});
