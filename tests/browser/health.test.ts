import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { onTestEnd } from '../support/cleanup.js';

describeInBrowser('the health page', (browser) => {
  test('shows what doctor says, worst first, and checks again on request', async () => {
    const { url, client, database } = await startQueueServer();
    await client.enqueue('mail');
    const page = await openPage(browser(), url);
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('heading', { name: 'All checks passed' }).waitFor();
    await page.getByRole('row', { name: 'ok integrity SQLite finds no damage' }).waitFor();
    await page.getByText(/^Checked .*, took \d+(\.\d)? m?s$/).waitFor();

    const other = new Database(database);
    onTestEnd(() => other.close());
    other.exec('update queue_state set queued = 7');
    await page.reload();
    await page.getByRole('heading', { name: 'All checks passed' }).waitFor();
    await page.getByRole('button', { name: 'Check again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Problems found' }).waitFor();
    const first = page.locator('.findings tbody tr').first();
    expect(await first.textContent()).toMatch(
      /^problem counters.*tasks queued: 7, but 1 counted.*To do: spoolite doctor --fix recounts them$/,
    );
    other.exec('update queue_state set queued = 1');
  });

  test('says that the server does not answer, keeps what it has, and tries again', async () => {
    const server = await startQueueServer();
    const page = await openPage(browser(), `${server.url}/health`);
    await page.getByRole('heading', { name: 'All checks passed' }).waitFor();
    await server.kill();
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('The database could not be checked').waitFor();
    await page.getByRole('heading', { name: 'All checks passed' }).waitFor();
    await server.start();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The database could not be checked').waitFor({ state: 'detached' });
  });
});
