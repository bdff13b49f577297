import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/browser/chromium.js';
import type { Figure, Measured } from '../support/figure.js';
import { longHistory } from '../support/files/fill-file.js';

const TASKS = 10_000_000;

/** Each screen, and what is on it once it shows what the server said. */
const SCREENS = {
  overview: ['/', '.figure-value'],
  tasks: ['/tasks', '.task-link'],
  task: ['/tasks/1', '.facts'],
} as const;

type Screen = keyof typeof SCREENS;

interface Shown {
  /** Milliseconds from the request of the page to the first thing that is painted, and to what the server said. */
  painted: number;
  filled: number;
}

/** Opens a screen as somebody does who was never there: nothing of it is kept from before. */
async function open(browser: Browser, address: string, screen: Screen): Promise<Shown> {
  const [path, selector] = SCREENS[screen];
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address + path);
  await page.locator(selector).first().waitFor();
  const filled = Number(await page.evaluate('performance.now()'));
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
  const painted = Number(
    await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
  );
  await context.close();
  return { painted, filled };
}

const rowsOf = (what: string, shown: readonly Shown[]): Measured[] => [
  {
    what: `${what}: first content`,
    unit: 'ms',
    samples: shown.map(({ painted }) => painted),
    target: { atMost: 1_000 },
  },
  {
    what: `${what}: filled`,
    unit: 'ms',
    samples: shown.map(({ filled }) => filled),
    target: { atMost: 1_000 },
  },
];

/** How long somebody waits who opens the dashboard. */
export const firstContent: Figure = {
  name: 'first-content',
  about:
    'Chromium opens each screen of the dashboard, with ten million tasks in the file, and the overview with none',
  long: true,
  async run(bench) {
    const { address: empty } = await bench.server();
    const database = await bench.filledDatabase(longHistory(bench.scaled(TASKS)));
    const { address } = await bench.server({ database });
    const browser = await launchChromium();
    try {
      const shown = await bench.rounds({
        'overview of an empty file': () => open(browser, empty, 'overview'),
        overview: () => open(browser, address, 'overview'),
        tasks: () => open(browser, address, 'tasks'),
        task: () => open(browser, address, 'task'),
      });
      return Object.entries(shown).flatMap(([what, times]) => rowsOf(what, times));
    } finally {
      await browser.close();
    }
  },
};
