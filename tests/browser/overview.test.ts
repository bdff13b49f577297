import { expect, test } from '@jest/globals';
import { describeInBrowser, openContext, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { until } from '../support/waiting.js';

/** Notes of each line that is drawn how far its points are apart in height. */
const HEIGHTS = `(() => {
  window.heights = [];
  const { lineTo } = Path2D.prototype;
  Path2D.prototype.lineTo = function (x, y) {
    (this.ys ??= []).push(y);
    lineTo.call(this, x, y);
  };
  const { stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.stroke = function (path) {
    if (path?.ys?.length > 10) window.heights.push(Math.max(...path.ys) - Math.min(...path.ys));
    stroke.apply(this, arguments);
  };
})()`;

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

  test('draws no outage into the minute under way', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueue('mail');
    const page = await (await openContext(browser())).newPage();
    await page.addInitScript(HEIGHTS);
    // The minute does not end while the page is drawn.
    await page.clock.setFixedTime(new Date());
    const counted = { enqueued: 60, completed: 60, failed: 60 };
    await page.route('**/api/queue/stats/history*', async (route) => {
      const spans = (await (await route.fetch()).json()) as (typeof counted)[];
      for (const span of spans.slice(0, -1)) Object.assign(span, counted);
      await route.fulfill({ json: spans });
    });
    await page.goto(url);
    await page.getByText('Wait and run times').waitFor();
    await until(async () => (await page.evaluate<number[]>('window.heights')).length >= 3);
    expect(new Set(await page.evaluate<number[]>('window.heights'))).toEqual(new Set([0]));
  });

  test('tells workers that live from those that are silent and those that are gone', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany([{ type: 'mail' }, { type: 'mail' }]);
    for (const worker_id of ['one', 'two', 'three'])
      await client.claim({ worker_id, types: ['mail'], limit: 1 });
    const page = await (await openContext(browser())).newPage();
    await page.route('**/api/queue/workers*', async (route) => {
      const workers = (await (await route.fetch()).json()) as { worker_id: string }[];
      for (const worker of workers) {
        if (worker.worker_id === 'two') Object.assign(worker, { live: false, state: 'silent' });
        if (worker.worker_id === 'three') Object.assign(worker, { live: false, state: 'gone' });
      }
      await route.fulfill({ json: workers });
    });
    await page.goto(url);
    const states = page.locator('.worker-life:visible');
    await states.first().waitFor();
    expect((await states.allTextContents()).sort()).toEqual(['gone', 'live', 'silent']);
    expect(await page.getByRole('row', { name: /^two silent/ }).count()).toBe(1);
  });
});
