import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, openContext, violations } from '../support/browser/page.js';
import { signIn, startServerWithKeys } from '../support/browser/sign-in.js';

const NAME = 'a key with a name that is as long as nobody would ever want to read it in a bar';

/** What a key can bring up besides what everybody sees, each named. Ends signed in. */
async function* screens(page: Page, url: string, key: string, task: number): AsyncGenerator<string> {
  await page.goto(url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  yield 'signing in';
  await signIn(page, 'spool_nonsense');
  await page.getByText('This is not a key of this server.').waitFor();
  await page.getByRole('button', { name: 'Show the key' }).click();
  yield 'a wrong key';
  await signIn(page, key);
  await page.getByText('Types').first().waitFor();
  yield 'signed in';
  for (const [path, text] of [
    ['/tasks', 'Cancelling and retrying require'],
    [`/tasks/${task}`, 'Hidden: on this server'],
    ['/new', 'This page requires'],
  ]) {
    await page.goto(url + path);
    await page
      .getByText(text as string)
      .first()
      .waitFor();
    yield path as string;
  }
}

const open = async () => {
  const server = await startServerWithKeys('--hide-payloads');
  const key = await server.key(NAME, ['read']);
  return { url: server.url, key, task: await server.admin.enqueue('mail', { payload: { a: 1 } }) };
};

describeInBrowser('what has to do with keys', (browser) => {
  test.each(['light', 'dark'] as const)(
    'has nothing that axe finds wrong, in the %s theme',
    async (colorScheme) => {
      const { url, key, task } = await open();
      const page = await (await openContext(browser(), { colorScheme })).newPage();
      for await (const screen of screens(page, url, key, task))
        expect([screen, await violations(page)]).toEqual([screen, []]);
    },
  );

  test('fits 390 pixels without scrolling sideways', async () => {
    const { url, key, task } = await open();
    const page = await (await openContext(browser(), { viewport: { width: 390, height: 800 } })).newPage();
    for await (const screen of screens(page, url, key, task)) {
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect([screen, width]).toEqual([screen, await page.evaluate('document.documentElement.clientWidth')]);
    }
  });
});
