import { formatInstant } from '../domain/instant.js';
import type { Enqueued } from '../repositories/task-repository.js';

/** The answer to who has enqueued a task. */
export const enqueuedResource = ({ id, status, createdAt, replayed }: Enqueued) => ({
  task_id: id,
  status,
  created_at_utc: formatInstant(createdAt),
  message: replayed ? 'Task already exists (idempotency key match)' : 'Task enqueued successfully',
});
