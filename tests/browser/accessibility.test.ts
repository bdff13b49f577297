import { expect, test } from '@jest/globals';
import { describeInBrowser, openContext, openPage, untilLive, violations } from '../support/browser/page.js';
import { type QueueServer, startQueueServer } from '../support/browser/queue-server.js';

/** Tasks in every status, one of them with a long name and a log. */
async function fill({ client }: QueueServer): Promise<void> {
  await client.enqueueMany([
    {
      type: 'a_type_whose_name_is_long_and_has_no_place_to_break_anywhere_in_it',
      payload: { text: 'x'.repeat(300) },
    },
    { type: 'mail', priority: 1 },
    { type: 'print', priority: 2 },
    { type: 'scan', run_after_utc: '2099-01-01T00:00:00Z', compatibility: { region: 'us-west' } },
    { type: 'fax', priority: 3 },
  ]);
  const [mail, print, fax] = await client.claim({ worker_id: 'robot', limit: 3 });
  const heartbeat = { lease_token: mail.lease_token, progress: 40, progress_message: 'sorting' };
  await client.post(`/queue/tasks/${mail.task_id}/heartbeat`, heartbeat);
  await client.post(`/queue/tasks/${print.task_id}/complete`, {
    lease_token: print.lease_token,
    result: [1],
  });
  const failure = { lease_token: fax.lease_token, error_message: 'engaged', retry: false };
  await client.post(`/queue/tasks/${fax.task_id}/fail`, failure);
}

/** Each screen, and a text that is there once it is drawn. */
const SCREENS = [
  ['/', 'Wait and run times'],
  ['/tasks', '#5'],
  ['/tasks?type=nothing', 'No task matches'],
  ['/tasks/1', 'Why it is waiting'],
  ['/tasks/2', 'sorting'],
  ['/tasks/3', 'Result'],
  ['/tasks/5', 'Why it failed'],
  ['/tasks/99', 'Task 99 not found'],
  ['/new', 'Selects the handler'],
  ['/health', 'SQLite finds no damage'],
] as const;

describeInBrowser('every screen', (browser) => {
  test.each(['light', 'dark'] as const)(
    'has nothing that axe finds wrong, in the %s theme',
    async (colorScheme) => {
      const server = await startQueueServer();
      await fill(server);
      const page = await (await openContext(browser(), { colorScheme })).newPage();
      for (const [path, text] of SCREENS) {
        await page.goto(server.url + path);
        await page.getByText(text).filter({ visible: true }).first().waitFor();
        await untilLive(page);
        expect([path, await violations(page)]).toEqual([path, []]);
      }
      await page.goto(`${server.url}/tasks/1`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
    },
  );

  test('fits 390 pixels without scrolling sideways', async () => {
    const server = await startQueueServer();
    await fill(server);
    const page = await (await openContext(browser(), { viewport: { width: 390, height: 800 } })).newPage();
    for (const [path, text] of SCREENS) {
      await page.goto(server.url + path);
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await untilLive(page);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([path, width]).toEqual([path, await page.evaluate('document.documentElement.clientWidth')]);
      const overflowing = await page.evaluate(
        `[...document.querySelectorAll('.panel, .notice, .figures')].filter((one) => one.scrollWidth > one.clientWidth).length`,
      );
      expect([path, overflowing]).toEqual([path, 0]);
    }
  });

  test('is reached by keyboard; its heading gets the focus', async () => {
    const { url, client } = await startQueueServer();
    await client.enqueue('mail');
    const page = await openPage(browser(), url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    await page.locator('.skip-link:focus').waitFor();
    for (const _ of ['brand', 'Overview', 'Tasks']) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('h1:focus', { hasText: 'Tasks' }).waitFor();
    expect(await page.title()).toBe('Tasks · Spoolite');
    await page.getByLabel('Select task 1').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Cancel 1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Cancel 1 task?').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('1 task cancelled').waitFor();
    expect((await client.task(1)).status).toBe('failed');
  });

  test('keeps the theme that was chosen over a reload', async () => {
    const { url } = await startQueueServer();
    const page = await openPage(browser(), url, { colorScheme: 'light' });
    const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await page.getByRole('button', { name: 'Dark' }).click();
    const dark = await background();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await background()).toBe(dark);
    await page.getByRole('button', { name: 'Light' }).click();
    expect(await background()).not.toBe(dark);
  });
});
