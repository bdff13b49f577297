import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../support/browser/page.js';
import { startQueueServer } from '../support/browser/queue-server.js';

describeInBrowser('a task that is enqueued in the page', (browser) => {
  test('is watched as it waits, runs and ends, without a reload', async () => {
    const { url, client } = await startQueueServer();
    const page = await openPage(browser(), url);
    await page.getByText('No tasks yet').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New task' }).click();
    await page.getByLabel('Type').fill('video');
    await page.getByText('No live worker serves this type').waitFor();
    await page.getByLabel('Payload').fill('{"format": "mp4"}');
    await page.getByLabel('Priority').fill('7');
    await page.getByRole('button', { name: 'Enqueue' }).click();
    await page.getByRole('heading', { name: '#1 video queued' }).waitFor();
    expect(page.url()).toBe(`${url}/tasks/1`);
    await page.getByText('No live worker serves the type “video”').waitFor();
    expect(await client.task(1)).toMatchObject({ type: 'video', payload: { format: 'mp4' }, priority: 7 });

    const [claimed] = await client.claim({ worker_id: 'robot', types: ['video'] });
    const { lease_token } = claimed;
    await page.getByRole('heading', { name: '#1 video processing' }).waitFor();
    await client.post('/queue/tasks/1/heartbeat', {
      lease_token,
      progress: 42,
      progress_message: 'half of it',
    });
    const bar = page.getByRole('progressbar', { name: 'Task progress' });
    await page.getByText('half of it').waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe('42');
    const entries = [{ level: 'warning', message: 'The disk is nearly full' }];
    await client.post('/queue/tasks/1/logs', { lease_token, entries });
    await page.getByLabel('Log entries').getByText('The disk is nearly full').waitFor();

    await client.post('/queue/tasks/1/complete', { lease_token, result: { seconds: 12 } });
    await page.getByRole('heading', { name: '#1 video completed' }).waitFor();
    expect(await page.getByLabel('Result').textContent()).toContain('"seconds": 12');
    const attempts = page.getByRole('row', { name: /robot/ });
    expect(await attempts.textContent()).toMatch(/^1robot.*completed$/);

    await page.getByRole('button', { name: 'error', exact: true }).click();
    await page.getByText('No entries at level error').waitFor();
    await page.getByRole('button', { name: 'warning', exact: true }).click();
    await page.getByLabel('Log entries').getByText('The disk is nearly full').waitFor();
    expect(await page.getByLabel('Log entries').textContent()).not.toContain('Claimed');

    // Whoever does not know what to type learns it.
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New task' }).click();
    await page
      .getByText('Selects the handler that runs the task. Types with a live worker: video.')
      .waitFor();
    await page.getByLabel('Type').fill('vidoe');
    await page.getByText('the task would wait until one starts. Types with a live worker: video.').waitFor();
  });

  test('says that no worker of its type meets its requirements', async () => {
    const { url, client } = await startQueueServer();
    await client.claim({ worker_id: 'robot', types: ['video'], capabilities: { gpu: false } });
    const id = await client.enqueue('video', { compatibility: { gpu: true } });
    const page = await openPage(browser(), `${url}/tasks/${id}`);
    await page.getByText('No live worker that serves the type “video” meets the task').waitFor();
    await page.getByText('robot has {"gpu":false}').waitFor();
    expect(await page.getByText('It is next in line').count()).toBe(0);
  });

  test('tells errors where they are: in the JSON, and in what the server refuses', async () => {
    const { url, client } = await startQueueServer();
    const page = await openPage(browser(), `${url}/new`);
    const enqueue = page.getByRole('button', { name: 'Enqueue' });
    const payload = page.getByLabel('Payload');
    await enqueue.click();
    await page.getByText('Enter a type.').waitFor();
    await page.getByLabel('Type').fill('video');
    await payload.fill('{\n  "format": mp4\n}');
    await payload.blur();
    await page.getByText(/line 2, character 13/).waitFor();
    expect(await payload.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Go to error' }).click();
    expect(await payload.evaluate((field: { selectionStart: number }) => field.selectionStart)).toBe(14);
    await payload.fill('{"id": 12345678901234567890}');
    await page.getByText(/would lose precision/).waitFor();
    await payload.fill('{}');
    await page.getByLabel('Priority').fill('5000');
    await enqueue.click();
    await page.getByText('It must be 1000 or less').waitFor();
    await page.locator('[name=priority]:focus').waitFor();
    expect((await client.stats()).total_tasks).toBe(0);

    await page.getByLabel('Priority').fill('5');
    await page.getByLabel('Run after (local time)').fill('2099-01-02T03:04:05');
    await enqueue.click();
    await page.getByText('Scheduled to run').waitFor();
    const { run_after_utc } = await client.task(1);
    expect(new Date(run_after_utc)).toEqual(await page.evaluate(() => new Date('2099-01-02T03:04:05')));
  });

  test('moves nothing from under the pointer when a field that is left turns out to be wrong', async () => {
    const { url } = await startQueueServer();
    const page = await openPage(browser(), `${url}/new`, { viewport: { width: 390, height: 900 } });
    await page.getByLabel('Payload').fill('{"format": mp4}');
    await page.getByText('Requirements and idempotency key').click();
    await page.getByText('Expected a value').waitFor();
    await page.getByLabel('Requires').waitFor();
  });
});
