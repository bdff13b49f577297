// `npm run screenshots`: every screen, light, dark and narrow, as files in screenshots/, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createApp, ManualClock } from '../../src/index.js';
import { launchChromium } from '../support/browser/chromium.js';
import { openContext, untilLive } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { signIn, startServerWithKeys } from '../support/browser/sign-in.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { fillForDisplay, fillHistory } from './fill-for-display.js';

const FOLDER = fileURLToPath(new URL('../../screenshots/', import.meta.url));

const LOOKS = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { look: 'narrow', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { look: 'narrow-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

interface Screen {
  name: string;
  path: string;
  /** What is on it once it is drawn. */
  text: string;
  /** What is done before it is looked at. */
  act?(page: Page): Promise<void>;
}

async function shoot(browser: Browser, url: string, screens: readonly Screen[]): Promise<void> {
  for (const { look, ...options } of LOOKS) {
    const context = await openContext(browser, options);
    for (const { name, path, text, act } of screens) {
      const page = await context.newPage();
      await page.goto(url + path);
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await untilLive(page);
      await act?.(page);
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), fullPage: true });
      await page.close();
    }
  }
}

async function browserForTest(): Promise<Browser> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchChromium();
  onTestEnd(() => browser.close());
  return browser;
}

test('an empty queue', async () => {
  const { url } = await startQueueServer();
  await shoot(await browserForTest(), url, [
    { name: 'overview-empty', path: '/', text: 'No tasks yet' },
    { name: 'tasks-empty', path: '/tasks', text: 'No tasks yet' },
  ]);
});

test('a queue at work', async () => {
  const now = Date.now();
  const clock = new ManualClock(now);
  const app = createApp({ database: join(scratchFolder(), 'queue.db'), clock });
  onTestEnd(() => app.stop({ graceSeconds: 0 }));
  const url = await app.start({ port: 0 });
  const client = new Client(url);
  await fillHistory(client, clock, now);
  const ids = await fillForDisplay(client);
  await shoot(await browserForTest(), url, [
    { name: 'overview', path: '/', text: 'Wait and run times' },
    { name: 'tasks', path: '/tasks', text: 'Older' },
    { name: 'tasks-no-match', path: '/tasks?type=fax', text: 'No task matches' },
    {
      name: 'tasks-selected',
      path: '/tasks?status=failed',
      text: 'mailbox unavailable',
      act: (page) => page.getByLabel('Select all tasks on this page').check(),
    },
    { name: 'task-queued', path: `/tasks/${ids.waiting}`, text: 'Why it is waiting' },
    { name: 'task-scheduled', path: `/tasks/${ids.scheduled}`, text: 'Why it is waiting' },
    { name: 'task-processing', path: `/tasks/${ids.processing}`, text: 'frame 4200' },
    { name: 'task-completed', path: `/tasks/${ids.completed}`, text: 'Result' },
    { name: 'task-failed', path: `/tasks/${ids.failed}`, text: 'Why it failed' },
    {
      name: 'task-cancel',
      path: `/tasks/${ids.waiting}`,
      text: 'Why it is waiting',
      act: (page) => page.getByRole('button', { name: 'Cancel' }).click(),
    },
    { name: 'task-unknown', path: '/tasks/99999', text: 'Task 99999 not found' },
    { name: 'new-task', path: '/new', text: 'Selects the handler' },
    {
      name: 'new-task-wrong',
      path: '/new',
      text: 'Selects the handler',
      async act(page) {
        await page.getByLabel('Payload').fill('{\n  "format": mp4\n}');
        await page.getByText('Requirements and idempotency key').click();
        await page.getByRole('button', { name: 'Enqueue' }).click();
      },
    },
  ]);
});

test('a server with keys', async () => {
  const browser = await browserForTest();
  for (const { look, ...options } of LOOKS) {
    const server = await startServerWithKeys('--hide-payloads');
    const key = await server.key('Ada in the warehouse', ['read']);
    const ids = await fillForDisplay(server.admin);
    const page = await (await openContext(browser, options)).newPage();
    const shot = (name: string) =>
      page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), fullPage: true });
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await shot('sign-in');
    await signIn(page, 'spool_nonsense');
    await page.getByText('This is not a key of this server').waitFor();
    await shot('sign-in-wrong');
    await signIn(page, key);
    await untilLive(page);
    await page.goto(`${server.url}/tasks/${ids.completed}`);
    await page.getByText('Hidden: on this server').first().waitFor();
    await untilLive(page);
    await shot('task-hidden');
  }
});

test('a server that is gone', async () => {
  const browser = await browserForTest();
  for (const { look, ...options } of LOOKS) {
    const server = await startQueueServer();
    await fillForDisplay(server.client);
    await shootDisconnected(browser, server, look, options);
  }
});

async function shootDisconnected(
  browser: Browser,
  server: Awaited<ReturnType<typeof startQueueServer>>,
  look: string,
  options: object,
): Promise<void> {
  const page = await (await openContext(browser, options)).newPage();
  await page.goto(server.url);
  await untilLive(page);
  await server.kill();
  await page.getByText('Disconnected').waitFor();
  await page.screenshot({ path: join(FOLDER, `disconnected-${look}.png`), fullPage: true });
}
