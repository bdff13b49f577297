import { describe, expect, test } from '@jest/globals';
import { WakeUp } from '../../src/core/clock.js';

describe('WakeUp', () => {
  const FOR_EVER = 2 ** 31 - 1;

  test('ends the sleep of who sleeps', async () => {
    const wakeUp = new WakeUp();
    const slept = wakeUp.sleep(FOR_EVER);
    wakeUp.signal();
    await slept;
  });

  test('news that came while awake ends the next sleep, once', async () => {
    const wakeUp = new WakeUp();
    wakeUp.signal();
    wakeUp.signal();
    await wakeUp.sleep(FOR_EVER);
    let awake = false;
    const slept = wakeUp.sleep(FOR_EVER).then(() => {
      awake = true;
    });
    await new Promise(setImmediate);
    expect(awake).toBe(false);
    wakeUp.signal();
    await slept;
  });

  test('sleeps no longer than it is told to', () => new WakeUp().sleep(1));
});
