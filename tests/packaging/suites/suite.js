// A user's suite, in JavaScript that is TypeScript too: `check-suites.js` puts the imports of each kind of suite before it.

test('a task is enqueued over HTTP, run step by step, and polled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suite-'));
  const reject = () => {
    throw new spoolite.Rejected('Never');
  };
  const handlers = { add: () => ({ sum: 3 }), reject };
  const app = spoolite.createApp({ database: join(folder, 'queue.db'), handlers });
  try {
    for (const type of Object.keys(handlers)) {
      const made = await request(app).post('/api/queue/enqueue').send({ type });
      assert.equal(made.status, 201);
    }
    assert.equal((await request(app).post('/api/queue/enqueue').send({})).status, 422);
    assert.equal(await app.worker.runOnce(), 2);
    const { body } = await request(app).get('/api/queue/tasks/1');
    assert.deepEqual([body.status, body.result], ['completed', { sum: 3 }]);
    assert.equal((await request(app).get('/')).status, 200);
    assert.equal((await request(app).get('/docs')).status, 200);
    const client = createClient({ url: await app.start({ port: 0 }) });
    await assert.rejects(client.waitFor(2), spoolite.TaskFailed);
    await assert.rejects(app.queue.get(99), spoolite.SpooliteError);
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
