import type { JsonObject, JsonValue } from '../core/json.js';
import type { Task } from '../core/task.js';
import type { WishedValue } from '../core/task-field.js';
import type { TaskFields } from '../core/task-fields.js';

/**
 * What a program's own map of task types looks like: for each type its payload, and the result that its handler returns.
 *
 *     interface Tasks { mail: { payload: { to: string }; result: { sentAt: string } } }
 */
export type TaskTypes<Tasks> = { [Type in keyof Tasks]: { payload: object; result?: unknown } };

/** Any type of task with any JSON: what holds for a program that says nothing about its tasks. */
export interface AnyTasks {
  [type: string]: { payload: JsonObject; result: JsonValue };
}

/** The names of the types in a map. */
export type TypeOf<Tasks> = keyof Tasks & string;

export type PayloadOf<Tasks, Type extends keyof Tasks> = Tasks[Type] extends { payload: infer Payload }
  ? Payload
  : JsonObject;

export type ResultOf<Tasks, Type extends keyof Tasks> = Tasks[Type] extends { result: infer Result }
  ? Result
  : JsonValue;

declare const TYPE: unique symbol;

/** The number of a task; it remembers the task's type for the compiler, and is a plain number when the program runs. */
export type TaskId<Type extends string = string> = number & { readonly [TYPE]?: Type };

/** When a queued task's turn comes; only `get` says so. */
export interface QueuedTaskEstimate {
  /** Tasks that would be claimed before it, counted to 1000. */
  queuePosition?: number;
  /** Null when no live worker would take it, or there is nothing to estimate from. */
  estimatedStart?: Date | null;
}

/** A task of the map, or one of these types; which one its `type` tells. */
export type TaskOf<Tasks, Type extends TypeOf<Tasks> = TypeOf<Tasks>> = Type extends unknown
  ? Omit<Task<PayloadOf<Tasks, Type>, ResultOf<Tasks, Type>>, 'type' | 'taskId'> & {
      taskId: TaskId<Type>;
      type: Type;
    } & QueuedTaskEstimate
  : never;

/** A task whose handler has returned this result. */
export type CompletedTask<Tasks, Type extends TypeOf<Tasks> = TypeOf<Tasks>> = Type extends unknown
  ? TaskOf<Tasks, Type> & { status: 'completed'; result: ResultOf<Tasks, Type>; done: true }
  : never;

type OptionalAtEnqueue = { request: { default: unknown } };

/** What may be said about a new task besides its type and payload. */
export type NewTaskOptions = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends OptionalAtEnqueue
    ? Exclude<Name, 'payload'>
    : never]?: WishedValue<TaskFields[Name]>;
};

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
