import type { JsonObject } from '../domain/json.js';
import type { PayloadOf, TypeOf } from './task-types.js';

/** What may be said about a new task besides its type and payload. */
export interface NewTaskOptions {
  /** 1 to 1000, lower runs first; default 100. */
  priority?: number;
  /** Tries in all, 1 to 10; default 5. */
  maxAttempts?: number;
  /** Not before then; default at once. */
  runAfter?: Date | null;
  /** What a worker must offer; default nothing. */
  compatibility?: JsonObject;
  /**
   * Enqueueing the same task again under the same key gives the first one. With a key, and only with one, a client
   * enqueues again by itself when the answer was lost.
   */
  idempotencyKey?: string | null;
}

/** A payload may be left out where nothing in it is required. */
type WithPayload<Payload> =
  Record<never, never> extends Payload ? { payload?: Payload } : { payload: Payload };

/** A task to be enqueued. */
export type NewTask<Tasks, Type extends TypeOf<Tasks>> = {
  /** 1 to 200 characters. */
  type: Type;
} & WithPayload<PayloadOf<Tasks, Type>> &
  NewTaskOptions;

/** A task to be enqueued, of any type of the map: its payload goes with its type. */
export type AnyNewTask<Tasks> = {
  [Type in TypeOf<Tasks>]: NewTask<Tasks, Type>;
}[TypeOf<Tasks>];
