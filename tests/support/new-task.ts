import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { JsonObject } from '../../src/domain/json.js';
import type { NewTask } from '../../src/domain/new-task.js';

export interface TaskWishes extends Partial<Omit<NewTask, 'payload' | 'compatibility'>> {
  payload?: JsonObject;
  compatibility?: JsonObject;
}

/** A task of type `mail` with the defaults of the API, unless wished otherwise. */
export const newTask = ({ payload = {}, compatibility = {}, ...wishes }: TaskWishes = {}): NewTask => ({
  type: 'mail',
  priority: 100,
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
  ...wishes,
  payload: JSON.stringify(payload),
  compatibility: canonicalJson(compatibility),
});
