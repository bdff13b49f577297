import { expect, test } from '@jest/globals';
import { ask, makeKey } from '../../support/access.js';
import { inFile } from '../../support/sqlite.js';
import { useTestApp } from '../../support/test-app.js';

const app = useTestApp();

const statusOf = async (headers: Record<string, string> = {}): Promise<number> =>
  (await ask({ port: app().port, method: 'GET', path: '/api/queue/stats', headers })).status;

/** The index that tells that keys have changed can still be read then, and the keys cannot. */
const spoil = () => inFile(app().file, (client) => client.exec("update api_keys set scopes = 'nonsense'"));

test('keys that cannot be read let nobody in, however often somebody asks', async () => {
  const token = await makeKey(app().file, ['read'], { clock: app().clock });
  spoil();
  for (let n = 0; n < 3; n++) {
    expect(await statusOf()).toBe(503);
    expect(await statusOf({ 'X-API-Key': token })).toBe(503);
  }
});
