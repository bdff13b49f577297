import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestEnd } from '../on-test-end.js';

/** What a page has done that it never should: thrown an error, or broken its policy. */
const problems = new WeakMap<BrowserContext, string[]>();

const isOfPolicy = (text: string): boolean => /Content Security Policy|violates the following/i.test(text);

/** Browsing of its own, with nothing stored. When the test ends, it fails if a page threw or broke its policy. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const found: string[] = [];
  problems.set(context, found);
  context.on('weberror', (error) => found.push(`${error.error()}`));
  context.on('console', (message) => {
    if (isOfPolicy(message.text())) found.push(message.text());
  });
  onTestEnd(async () => {
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
