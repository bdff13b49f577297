import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, openPage, untilLive } from '../support/browser/page.js';
import { type ServerWithKeys, signIn, startServerWithKeys } from '../support/browser/sign-in.js';

const PAYLOAD = { text: 'tiger-in-the-tank' };

/** A task that is completed, and one that is queued; their ids. */
async function fill({ admin }: ServerWithKeys): Promise<[number, number]> {
  const [done, queued] = await admin.enqueueMany([
    { type: 'mail', payload: PAYLOAD },
    { type: 'print', payload: PAYLOAD },
  ]);
  const [held] = await admin.claim({ types: ['mail'] });
  const { lease_token } = held;
  await admin.post(`/queue/tasks/${done}/complete`, { lease_token, result: PAYLOAD });
  return [done as number, queued as number];
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describeInBrowser('the dashboard for a key', (browser) => {
  const open = async (server: ServerWithKeys, path: string, key: string): Promise<Page> => {
    const page = await openPage(browser(), server.url + path);
    await signIn(page, key);
    return page;
  };

  test('that may only read: nothing can be changed, and it says why', async () => {
    const server = await startServerWithKeys();
    const [done, queued] = await fill(server);
    const page = await open(server, '/', await server.key('reader', ['read']));
    await untilLive(page);
    expect(await page.getByRole('link', { name: 'New task' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByText('require the scope enqueue, which the key “reader” lacks').waitFor();
    await page.getByRole('link', { name: `#${queued}` }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    for (const [id, name] of [
      [queued, 'Cancel'],
      [done, 'Retry'],
    ] as const) {
      await page.goto(`${server.url}/tasks/${id}`);
      await page.getByText(`${name} requires the scope enqueue`).waitFor();
      expect(await button(page, name).isDisabled()).toBe(true);
      expect(await page.getByText('Duplicate').count()).toBe(0);
      await page.getByText('tiger-in-the-tank').first().waitFor();
    }
    await page.goto(`${server.url}/new`);
    await page.getByText('Your key does not grant access to this page').waitFor();
  });

  test('that may read and enqueue: it enqueues, and cancels', async () => {
    const server = await startServerWithKeys();
    const page = await open(server, '/new', await server.key('clerk', ['read', 'enqueue']));
    await page.getByLabel('Type').fill('mail');
    await button(page, 'Enqueue').click();
    await page.getByRole('heading', { name: '#1 mail' }).waitFor();
    await button(page, 'Cancel').click();
    await button(page, 'Cancel task').click();
    await page.getByText('Cancelled by user').first().waitFor();
  });

  test('that may only enqueue: it enqueues, and asks for nothing else', async () => {
    const server = await startServerWithKeys();
    const refused: string[] = [];
    const page = await openPage(browser(), `${server.url}/new`);
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    await signIn(page, await server.key('robot', ['enqueue']));
    await page.getByLabel('Type').fill('mail');
    await button(page, 'Enqueue').click();
    await page.getByText('Task 1 enqueued.').waitFor();
    await page.goto(`${server.url}/tasks/1`);
    await page.getByText('This page requires the scope read, which the key “robot” lacks.').waitFor();
    expect(await page.getByRole('link', { name: 'Overview' }).count()).toBe(0);
    expect(refused).toEqual([]);
  });

  test('that may not see payloads: it says so in their place', async () => {
    const server = await startServerWithKeys('--hide-payloads');
    const [done] = await fill(server);
    const page = await open(server, `/tasks/${done}`, await server.key('clerk', ['read', 'enqueue']));
    const hidden = page.getByText(
      'Hidden: on this server, only keys with the admin scope see payloads and results.',
    );
    await hidden.first().waitFor();
    expect(await hidden.count()).toBe(2);
    await page.getByRole('link', { name: 'Duplicate' }).click();
    await page.getByText('The payload is hidden from your key').waitFor();
    expect(await page.getByLabel('Payload').inputValue()).toBe('{}');
    await page.goto(`${server.url}/tasks/${done}`);
    await hidden.first().waitFor();
    await button(page, 'Sign out').click();
    await signIn(page, await server.key('root', ['admin']));
    await page.getByText('tiger-in-the-tank').first().waitFor();
    expect(await hidden.count()).toBe(0);
  });
});
