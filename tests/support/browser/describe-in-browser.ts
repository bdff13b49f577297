import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium } from './find-chromium.js';
import { launchChromium } from './launch-chromium.js';

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
