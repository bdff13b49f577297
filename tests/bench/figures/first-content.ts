import { launchChromium } from '../../support/browser/launch-chromium.js';
import type { Bench } from '../support/bench.js';
import type { Figure } from '../support/figure.js';
