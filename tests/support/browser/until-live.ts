import type { Page } from 'playwright-core';

/** Resolves once the page follows what the server tells. */
export const untilLive = (page: Page): Promise<void> =>
  page.locator('.connection[data-state="live"]').waitFor();
