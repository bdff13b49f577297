import type { NewTask } from '../domain/new-task.js';
import { type EnqueueFields, enqueueBatchSchemas, enqueueSchemas, toNewTask } from '../services/new-task.js';
import { parseJsonBody } from '../validation/json-body.js';
import { checked } from './checked.js';

/** What would arrive at a server: instants as text, nothing that JSON cannot say, no integer that would be rounded. */
const asSent = (body: object): object => parseJsonBody(Buffer.from(JSON.stringify(body))) as object;

/** The task that a request of the API with this body asks for. Throws VALIDATION_FAILED. */
export const newTaskOf = (body: object): NewTask =>
  toNewTask(checked<EnqueueFields>(enqueueSchemas.body, asSent(body)));

/** The same for a batch. */
export const newTasksOf = (bodies: readonly object[]): NewTask[] =>
  checked<{ tasks: EnqueueFields[] }>(enqueueBatchSchemas.body, asSent({ tasks: bodies })).tasks.map(
    (fields, at) => toNewTask(fields, `/tasks/${at}`),
  );
