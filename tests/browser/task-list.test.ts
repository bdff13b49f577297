import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, openPage, untilLive } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';

/** The ids of the rows, once there are as many as expected. */
async function rows(page: Page, count: number): Promise<number[]> {
  const links = page.locator('tbody .task-link');
  if (count > 0) await links.nth(count - 1).waitFor();
  await links.nth(count).waitFor({ state: 'detached' });
  return (await links.allTextContents()).map((text) => Number(text.slice(1)));
}

const countDown = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);

describeInBrowser('the list of tasks', (browser) => {
  test('is narrowed by status, type, id and key; the address says how, and a reload keeps it', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueue('mail');
    await client.enqueue('print');
    await client.enqueue('mail', { idempotency_key: 'order-7' });
    await client.post('/queue/tasks/1/cancel');
    const page = await openPage(browser(), `${url}/tasks`);
    expect(await rows(page, 3)).toEqual([3, 2, 1]);

    await page.getByLabel('Type').fill('mail');
    await page.getByLabel('Type').press('Enter');
    expect(await rows(page, 2)).toEqual([3, 1]);
    await page.getByLabel('Status').selectOption('queued');
    expect(await rows(page, 1)).toEqual([3]);
    expect(page.url()).toBe(`${url}/tasks?status=queued&type=mail`);
    await page.reload();
    expect(await rows(page, 1)).toEqual([3]);
    expect(await page.getByLabel('Type').inputValue()).toBe('mail');
    await page.goBack();
    expect(await rows(page, 2)).toEqual([3, 1]);

    await page.goto(`${url}/tasks`);
    await page.getByLabel('Task id').fill('1, 2');
    await page.getByLabel('Task id').press('Enter');
    expect(await rows(page, 2)).toEqual([1, 2]);
    await page.getByLabel('Task id').fill('');
    await page.getByLabel('Task id').press('Enter');
    await page.getByLabel('Idempotency key').fill('order-7');
    await page.getByLabel('Idempotency key').press('Enter');
    expect(await rows(page, 1)).toEqual([3]);
    await page.getByLabel('Idempotency key').fill('order-8');
    await page.getByLabel('Idempotency key').press('Enter');
    await page.getByText('No task matches').waitFor();
    await page.getByRole('button', { name: 'Show all tasks' }).click();
    expect(await rows(page, 3)).toEqual([3, 2, 1]);
  });

  test.each([
    ['status=bogus', 'Unknown status “bogus”'],
    ['stauts=failed', 'Unknown filter “stauts”'],
    ['id=abc', '“abc” is not a task id'],
    ['type=mail&type=print', '“type” is given more than once'],
  ])('says that it does not understand %s, and offers nothing to do to all', async (search, problem) => {
    const { url, client } = await startQueueServer();
    await client.enqueue('mail');
    const page = await openPage(browser(), `${url}/tasks?${search}`);
    await page.getByText(problem).waitFor();
    expect(await page.getByRole('button', { name: /all…/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show all tasks' }).click();
    expect(await rows(page, 1)).toEqual([1]);
    expect(await page.getByRole('button', { name: 'Cancel all…' }).count()).toBe(1);
  });

  test('has pages that stay as they are while tasks are added, also over a reload', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany(Array.from({ length: 120 }, () => ({ type: 'mail' })));
    const page = await openPage(browser(), `${url}/tasks`);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    expect(await rows(page, 50)).toEqual(countDown(120, 71));
    await press('Older');
    await page.getByText('#70', { exact: true }).waitFor();
    await client.enqueueMany(Array.from({ length: 30 }, () => ({ type: 'mail' })));
    expect(await rows(page, 50)).toEqual(countDown(70, 21));
    await page.reload();
    expect(await rows(page, 50)).toEqual(countDown(70, 21));
    await press('Older');
    expect(await rows(page, 20)).toEqual(countDown(20, 1));
    await press('Newer');
    await page.getByText('#70', { exact: true }).waitFor();
    expect(await rows(page, 50)).toEqual(countDown(70, 21));
    await press('Newest');
    await page.getByText('#150', { exact: true }).waitFor();
    expect(await rows(page, 50)).toEqual(countDown(150, 101));
  });

  test('announces new tasks instead of moving rows, and keeps the rows that are there up to date', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany([{ type: 'mail' }, { type: 'mail' }]);
    const page = await openPage(browser(), `${url}/tasks?type=mail`);
    await untilLive(page);
    expect(await rows(page, 2)).toEqual([2, 1]);
    await client.enqueueMany([{ type: 'mail' }, { type: 'print' }, { type: 'mail' }]);
    const announcement = page.getByRole('button', { name: 'Show 2 new tasks' });
    await announcement.waitFor();
    expect(await rows(page, 2)).toEqual([2, 1]);
    await client.post('/queue/tasks/1/cancel');
    await page.getByRole('row', { name: '#1 mail' }).getByText('failed').waitFor();
    await announcement.click();
    expect(await rows(page, 4)).toEqual([5, 3, 2, 1]);
    await announcement.waitFor({ state: 'detached' });
  });
});
