import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import express from 'express';
import { createApp } from '../../src/index.js';
import { describeInBrowser, openPage, untilLive } from '../support/browser/page.js';
import { onTestEnd } from '../support/cleanup.js';

describeInBrowser('the page of an app that is mounted under a path', (browser) => {
  test('opens at a task, follows it, and leads to its other screens and the reference', async () => {
    const app = createApp({ database: ':memory:' });
    const server = express().use('/team/jobs', app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestEnd(() => {
      server.closeAllConnections();
      server.close();
      return app.stop();
    });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/team/jobs`;
    const { taskId } = await app.queue.enqueue({ type: 'mail', payload: {} });

    const page = await openPage(browser(), `${base}/tasks/${taskId}`);
    await page.getByRole('heading', { name: `#${taskId} mail queued` }).waitFor();
    await untilLive(page);
    await app.queue.cancel(taskId);
    await page.getByRole('heading', { name: `#${taskId} mail failed: cancelled` }).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.waitForURL(`${base}/tasks`);
    await page.getByRole('link', { name: `#${taskId}` }).click();
    await page.waitForURL(`${base}/tasks/${taskId}`);
    expect(await page.getByRole('link', { name: 'API' }).getAttribute('href')).toBe('/team/jobs/docs');

    await page.getByRole('link', { name: 'API' }).click();
    await page.getByRole('heading', { name: 'Spoolite' }).first().waitFor();
  });
});
