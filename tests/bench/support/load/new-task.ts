import type { NewTask } from '../../../../src/domain/new-task.js';
import { ENQUEUE } from './requests.js';

const { type, payload } = JSON.parse(ENQUEUE.body as string);

/** The task of {@link ENQUEUE}, as the controller makes it. */
export const TASK: NewTask = {
  type,
  payload: JSON.stringify(payload),
  compatibility: '{}',
  priority: 100,
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
};
