import { expect, test } from '@jest/globals';
import { describeInBrowser, openContext, openPage, untilLive } from '../support/browser/page.js';
import { CountingProxy, startQueueServer } from '../support/browser/queue-server.js';
import { eventually } from '../support/waiting.js';

const QUEUED = 'section[aria-label="Tasks by status"] a[data-status="queued"] .figure-value';

describeInBrowser('the page', (browser) => {
  test('says that the server is gone, and goes on by itself when it is back', async () => {
    const server = await startQueueServer();
    const id = await server.client.enqueue('mail');
    const page = await openPage(browser(), `${server.url}/tasks/${id}`);
    await untilLive(page);
    await server.kill();
    await page.getByRole('alert').getByText('The server is not responding').waitFor();
    await page.getByText('Disconnected').waitFor();
    await page.getByRole('heading', { name: `#${id} mail queued` }).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByText('Could not load the tasks').waitFor();

    await server.start();
    await page.getByRole('link', { name: `#${id}` }).click();
    await server.client.post(`/queue/tasks/${id}/cancel`);
    await page.getByRole('heading', { name: `#${id} mail failed: cancelled` }).waitFor();
    await untilLive(page);
    await page.getByRole('alert').getByText('The server is not responding').waitFor({ state: 'detached' });
    await server.client.post(`/queue/tasks/${id}/retry`);
    await page.getByRole('heading', { name: `#${id} mail queued` }).waitFor();
  });

  test('has one connection for events, however many tabs are open, and none when they are closed', async () => {
    const { url, client } = await startQueueServer();
    const proxy = new CountingProxy();
    await proxy.start(url);
    const context = await openContext(browser());
    const tabs = [];
    for (const path of ['/', '/tasks', '/']) {
      const tab = await context.newPage();
      await tab.goto(`${proxy.url}${path}`);
      await untilLive(tab);
      tabs.push(tab);
    }
    expect(proxy.openStreams).toBe(1);
    await client.enqueue('mail');
    await tabs[2]?.locator(QUEUED, { hasText: '1' }).waitFor();
    await tabs[0]?.close();
    await client.enqueue('mail');
    await tabs[2]?.locator(QUEUED, { hasText: '2' }).waitFor();
    expect(proxy.mostStreams).toBe(1);
    for (const tab of tabs.slice(1)) await tab.close();
    await eventually(() => proxy.openStreams === 0);
  });

  test('looks now and then when much changes, and not once per change', async () => {
    const { url, client } = await startQueueServer();
    const proxy = new CountingProxy();
    await proxy.start(url);
    const page = await openPage(browser(), proxy.url);
    await untilLive(page);
    const before = proxy.paths.length;
    for (let batch = 0; batch < 300; batch++) await client.enqueueMany([{ type: 'mail' }, { type: 'print' }]);
    await page.locator(QUEUED, { hasText: '600' }).waitFor();
    expect(proxy.paths.length - before).toBeLessThan(150);
  });

  test('says when tasks wait for a type that no live worker serves', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueueMany([{ type: 'mail' }, { type: 'print' }]);
    const page = await openPage(browser(), url);
    await page.getByText('2 queued tasks have a type that no live worker serves').waitFor();
    await client.claim({ worker_id: 'robot', types: ['mail', 'print'], limit: 1 });
    await page.getByText('a type that no live worker serves').waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /robot/ });
    expect(await row.getByRole('link').textContent()).toBe('#1');
  });
});
