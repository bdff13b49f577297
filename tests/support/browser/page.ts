import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestEnd } from '../cleanup.js';
import { findChromium, launchChromium } from './chromium.js';

/** The check script sets this variable, and with it a missing browser is a failure. */
const isRequired = process.env.SPOOLITE_BROWSER_TESTS === 'required';

/** Tests that drive a real browser; skipped, and said so, where there is none. */
export function describeInBrowser(
  name: string,
  define: (browser: () => Browser) => void,
  options: readonly string[] = [],
): void {
  if (findChromium() === null && !isRequired) {
    process.stderr.write(
      `Skipped: ${name}. There is no Chromium on this machine (apt-get install chromium).\n`,
    );
    // Only on a developer's machine without a browser; CI installs one and never skips.
    describe.skip(name, () => {
      test('needs a browser', () => undefined);
    });
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(...options);
    });
    afterAll(() => browser?.close());
    define(() => browser);
  });
}

const isOfPolicy = (text: string): boolean => /Content Security Policy|violates the following/i.test(text);

/** Browsing of its own, with nothing stored. When the test ends, it fails if a page threw or broke its policy. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  // What a page never should do.
  const found: string[] = [];
  context.on('weberror', (error) => found.push(`${error.error()}`));
  context.on('console', (message) => {
    if (isOfPolicy(message.text())) found.push(message.text());
  });
  onTestEnd(async () => {
    // A page asks again by itself: a route that is answering then must not fail the next test.
    for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
    if (found.length > 0) throw new Error(`The page had problems:\n${found.join('\n')}`);
  });
  return context;
}

/** A page at the address. */
export async function openPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await (await openContext(browser, options)).newPage();
  await page.goto(url);
  return page;
}

/** Resolves once the page follows what the server tells. */
export const untilLive = (page: Page): Promise<void> =>
  page.locator('.connection[data-state="live"]').waitFor();

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, as `rule: element`. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
    const found = await (globalThis as any).axe.run();
    return found.violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      nodes.map(({ html }) => `${id}: ${html}`),
    );
  });
}
