import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.js';

/** Starts the browser of this machine with these options; throws where there is none. */
export async function launchChromium(...options: string[]): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium: install it (apt-get install chromium)');
  // Chromium's own sandbox refuses to run as root, as containers do.
  const args = [...options, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  return chromium.launch({ executablePath, args });
}
