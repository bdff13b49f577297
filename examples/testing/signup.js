// A small service that lets people sign up, and welcomes them by mail. The mail is left to Spoolite, so that a mail
// server that is slow or down delays no sign-up and loses no mail.
import express from 'express';
import { Rejected } from 'spoolite';

/** The service. `queueUrl` is where Spoolite listens, such as http://127.0.0.1:8000. */
export function createSignup(queueUrl) {
  const app = express();
  app.use(express.json());

  app.post('/signups', async (req, res) => {
    const { email } = req.body;
    const reply = await fetch(`${queueUrl}/api/queue/enqueue`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      // The key keeps an impatient double click from sending two mails.
      body: JSON.stringify({ type: 'welcome', payload: { email }, idempotency_key: `welcome ${email}` }),
    }).catch(() => null);
    if (!reply?.ok) return res.status(503).json({ error: 'Please try again later' });
    res.status(202).json({ task_id: (await reply.json()).task_id });
  });
  return app;
}

/** What its worker runs: `npx spoolite work` with these, or `createWorker`. `mail` sends mails. */
export const createHandlers = (mail) => ({
  async welcome(task, { signal }) {
    const { email } = task.payload;
    if (!email?.includes('@')) throw new Rejected(`${email} is not an address`);
    await mail.send(email, 'Welcome!', { signal });
    return { sent_to: email };
  },
});
