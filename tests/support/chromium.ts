import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { onTestEnd } from './on-test-end.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = PLACES.find((path) => existsSync(path));

/** Whether there is a browser on this machine: tests that need one are skipped where there is none. */
export const hasChromium = executablePath !== undefined;

/** A browser, closed when the test ends. */
export async function startChromium(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  onTestEnd(() => browser.close());
  return browser;
}
