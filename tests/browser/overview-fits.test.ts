import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, openContext } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';
import { until } from '../support/waiting.js';

const WIDTHS = [390, 700, 800, 1280];

/** Labels that were drawn beyond the edges of their canvas. */
const CLIPPED = `(() => {
  const clipped = (window.clipped = []);
  const drawn = (window.drawn = []);
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = this.measureText(text);
    const at = this.getTransform().e + x;
    drawn.push(text);
    if (at - left < 0 || at + right > this.canvas.width) clipped.push(text);
    fillText.call(this, text, x, y);
  };
})()`;

/** Resolves once a chart has a number of nine digits beside it. */
const untilDrawn = (page: Page) =>
  until(async () =>
    (await page.evaluate<string[]>('window.drawn')).some((text) => /\d{3},\d{3},\d{3}/.test(text)),
  );

/** A queue that is larger and older than a test can make it. */
async function enlarge(page: Page): Promise<void> {
  await page.route('**/api/queue/stats', (route) =>
    route.fulfill({
      json: {
        total_tasks: 4_111_222_333,
        queued_tasks: 1_111_222_333,
        processing_tasks: 1_000_000_000,
        completed_tasks: 1_000_000_000,
        failed_tasks: 1_000_000_000,
        oldest_queued_age_seconds: 98 * 86_400 + 23 * 3_600,
      },
    }),
  );
  await page.route('**/api/queue/stats/history*', async (route) => {
    const response = await route.fetch();
    const spans = (await response.json()) as {
      enqueued: number;
      wait_seconds: object;
      run_seconds: object;
    }[];
    for (const span of spans) {
      span.enqueued = 123_456_789;
      span.wait_seconds = { p50: 1, p95: 8_999_999, p99: 9_000_000 };
    }
    await route.fulfill({ json: spans });
  });
}

describeInBrowser('the overview of a large queue', (browser) => {
  test.each(WIDTHS)('fits %i pixels: tiles, labels of axes, rows of workers', async (width) => {
    const { url, client } = await startQueueServer();
    await client.enqueue('print');
    await client.claim({
      worker_id: 'print-server-17.example.internal-4242',
      types: ['print', 'scan', 'fax', 'copy', 'staple'],
    });
    const context = await openContext(browser(), { viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(CLIPPED);
    await enlarge(page);
    await page.goto(url);
    await page.getByText('4,111,222,333').waitFor();
    await untilDrawn(page);
    // Who comes back has the numbers before the charts are there.
    const screens = page.getByRole('navigation', { name: 'Main' });
    await screens.getByRole('link', { name: 'New task' }).click();
    await page.getByLabel('Payload').waitFor();
    await page.evaluate('window.drawn.length = 0');
    await screens.getByRole('link', { name: 'Overview' }).click();
    await untilDrawn(page);

    expect(await page.evaluate('window.clipped')).toEqual([]);
    const overflowing = await page
      .locator('.figure, .figure-value')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
      );
    expect(overflowing).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const lines = await page
      .getByRole('row', { name: /print-server-17/ })
      .locator('td.whole:visible')
      .evaluateAll((cells) =>
        cells.map((cell) => new Set([...cell.firstElementChild.getClientRects()].map(({ y }) => y)).size),
      );
    expect(lines).toEqual(width > 768 ? [1, 1, 1] : []);
    expect(await page.getByText('print, scan, fax and 2 more').isVisible()).toBe(width > 768);
  });

  test('says that it is loading where the server takes its time', async () => {
    const { url } = await startQueueServer();
    const page = await (await openContext(browser())).newPage();
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/queue/stats', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(url);
    await page.getByText('Loading…').waitFor();
    answer();
    await page.getByText('No tasks yet').waitFor();
    expect(await page.getByText('Loading…').count()).toBe(0);
  });
});
