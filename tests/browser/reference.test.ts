import { expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { API_DOCUMENT } from '../support/api-document.js';
import { describeInBrowser } from '../support/browser/page.js';
import { onTestEnd } from '../support/cleanup.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp();

interface Visit {
  page: Page;
  /** What the page has complained about, and what it has asked for elsewhere. */
  complaints: string[];
}

async function visit(browser: Browser, path: string, width = 1280): Promise<Visit> {
  const origin = `http://127.0.0.1:${app().port}`;
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  onTestEnd(() => page.close());
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`asks for ${url}`);
  });
  await page.goto(origin + path);
  await page.waitForSelector('.opblock-get');
  return { page, complaints };
}

describeInBrowser('the reference', (browser) => {
  test('shows every operation, and asks nobody else for anything', async () => {
    const { page, complaints } = await visit(browser(), '/redoc');
    expect(new URL(page.url()).pathname).toBe('/docs');
    const shown = await page.locator('.opblock:visible .opblock-summary-path').allTextContents();
    const operations = Object.entries<object>(API_DOCUMENT.paths).flatMap(([path, item]) =>
      Object.keys(item).flatMap((method) => (['get', 'post', 'delete'].includes(method) ? [path] : [])),
    );
    // Swagger UI puts invisible places into paths where lines may break.
    expect(shown.map((path) => path.replaceAll('\u200b', '')).sort()).toEqual(operations.sort());
    expect(complaints).toEqual([]);
  });

  test('a task can be enqueued and asked for in it', async () => {
    const { page, complaints } = await visit(browser(), '/docs');
    const tryOut = async (operation: string, fill: (at: ReturnType<Page['locator']>) => Promise<void>) => {
      const at = page.locator(`#operations-tasks-${operation}`);
      await at.locator('.opblock-summary-control').click();
      await at.locator('.try-out__btn').click();
      await fill(at);
      await at.locator('.execute').click();
      return JSON.parse(
        (await at.locator('.live-responses-table .highlight-code code').first().textContent()) ?? '',
      );
    };
    const enqueued = await tryOut('enqueueTask', async () => undefined);
    expect(enqueued).toMatchObject({ task_id: 1, status: 'queued' });
    const task = await tryOut('getTask', (at) => at.getByPlaceholder('task_id').fill('1'));
    expect(task).toMatchObject({ task_id: 1, type: 'video_processing', queue_position: 0 });
    expect(complaints).toEqual([]);
  });

  test('nothing in it is wider than a phone', async () => {
    const { page } = await visit(browser(), '/docs', 390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
