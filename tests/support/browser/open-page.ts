import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestEnd } from '../on-test-end.js';

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
    // The page polls: a route that is still answering must not fail the next test.
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
