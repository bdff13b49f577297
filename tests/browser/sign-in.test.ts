import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMINISTRATOR, makeKey, withKeys } from '../support/access.js';
import { describeInBrowser, openContext, openPage, untilLive } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { signIn, startServerWithKeys } from '../support/browser/sign-in.js';

const signInHeading = (page: Page) => page.getByRole('heading', { name: 'Sign in' });

describeInBrowser('signing in', (browser) => {
  test('shows what the address names, and signing out ends it, in every tab', async () => {
    const server = await startServerWithKeys();
    const key = await server.key('ada', ['read', 'enqueue']);
    const id = await server.admin.enqueue('mail');
    const context = await openContext(browser());
    const [page, other] = [await context.newPage(), await context.newPage()];
    await page.goto(`${server.url}/tasks/${id}`);
    await signInHeading(page).waitFor();
    expect(await page.title()).toBe('Sign in · Spoolite');
    await other.goto(`${server.url}/tasks?status=queued`);
    await signInHeading(other).waitFor();
    await signIn(page, `  ${key} `);
    await untilLive(page);
    await untilLive(other);
    expect(new URL(page.url()).pathname).toBe(`/tasks/${id}`);
    await page.getByRole('heading', { name: `#${id} mail` }).waitFor();
    await server.admin.post(`/queue/tasks/${id}/cancel`);
    await page.getByText('Cancelled by user').first().waitFor();
    await page.getByText('Signed in with the key ada').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInHeading(page).waitFor();
    await signInHeading(other).waitFor();
    expect(await page.getByText('Your session has ended').count()).toBe(0);
    await page.reload();
    await signInHeading(page).waitFor();
    expect(new URL(other.url()).search).toBe('?status=queued');
    expect(await page.getByText('mail').count()).toBe(0);
  });

  test('works with the keyboard alone, and says what is wrong with a key', async () => {
    const server = await startServerWithKeys();
    const page = await openPage(browser(), `${server.url}/tasks`);
    await signInHeading(page).waitFor();
    const input = page.getByLabel('Key', { exact: true });
    expect(await input.evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(await input.getAttribute('type')).toBe('password');
    expect(await input.getAttribute('autocomplete')).toBe('current-password');
    await page.keyboard.press('Enter');
    await page.getByText('Enter a key.').waitFor();
    await page.keyboard.type('spool_nonsense');
    expect(await page.getByText('Enter a key.').count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await input.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Show the key', pressed: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('This is not a key of this server.').waitFor();
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.insertText(await server.key('ada', ['read']));
    await page.keyboard.press('Enter');
    await untilLive(page);
    await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
  });

  test('says that a key is revoked, and that the server does not answer', async () => {
    const server = await startServerWithKeys();
    const key = await server.key('ada', ['read']);
    await withKeys(server.server.database, (keys) => keys.revoke('ada', ADMINISTRATOR));
    const page = await openPage(browser(), server.url);
    await signIn(page, key);
    await page.getByText('The key "ada" is revoked.').waitFor();
    await server.server.kill();
    await page.keyboard.press('Enter');
    await page.getByText('The server is not responding. Is it running?').waitFor();
  });

  test.each(['revoked', 'restarted'] as const)(
    'is asked for again where the session ends while the page is open: %s',
    async (ending) => {
      const server = await startServerWithKeys();
      const key = await server.key('ada', ['read']);
      const id = await server.admin.enqueue('mail');
      const page = await openPage(browser(), `${server.url}/tasks/${id}`);
      await signIn(page, key);
      await untilLive(page);
      if (ending === 'revoked')
        await withKeys(server.server.database, (keys) => keys.revoke('ada', ADMINISTRATOR));
      else {
        await server.server.kill();
        await server.server.start();
      }
      await page.getByText('Your session has ended.').waitFor();
      expect(new URL(page.url()).pathname).toBe(`/tasks/${id}`);
      expect(await page.getByText('mail').count()).toBe(0);
      await signIn(page, await server.key('ben', ['read']));
      await page.getByRole('heading', { name: `#${id} mail` }).waitFor();
      await untilLive(page);
    },
  );

  test('is asked for where a server without keys gets its first one', async () => {
    const open = await startQueueServer();
    const page = await openPage(browser(), open.url);
    await untilLive(page);
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    const key = await makeKey(open.database, ['read'], { name: 'ada' });
    await signInHeading(page).waitFor();
    await signIn(page, key);
    await untilLive(page);
  });
});
