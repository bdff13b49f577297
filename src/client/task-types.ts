import type { JsonObject, JsonValue } from '../core/json.js';
import type { Task } from '../core/task.js';
import type { RequestValue } from '../core/task-field.js';
import type { TaskFields } from '../core/task-fields.js';

/**
 * The form of a program's own map of task types: for each type its payload, and the result that its handler returns.
 *
 *     interface Tasks { mail: { payload: { to: string }; result: { sentAt: string } } }
 */
export type TaskTypes<Tasks> = { [Type in keyof Tasks]: { payload: object; result?: unknown } };

/** Any type of task with any JSON: for a program without its own map. */
export interface AnyTasks {
  [type: string]: { payload: JsonObject; result: JsonValue };
}

export type TypeOf<Tasks> = keyof Tasks & string;

export type PayloadOf<Tasks, Type extends keyof Tasks> = Tasks[Type] extends { payload: infer Payload }
  ? Payload
  : JsonObject;

export type ResultOf<Tasks, Type extends keyof Tasks> = Tasks[Type] extends { result: infer Result }
  ? Result
  : JsonValue;

declare const TYPE: unique symbol;

/** The id of a task, with its type for the compiler; a plain number at run time. */
export type TaskId<Type extends string = string> = number & { readonly [TYPE]?: Type };

/** When a queued task is likely to start; only in replies of `get`. */
export interface QueuedTaskEstimate {
  /** Tasks that would be claimed before it, counted to 1000. */
  queuePosition?: number;
  /** Null if no live worker would take it, or there is no basis for an estimate. */
  estimatedStart?: Date | null;
}

/** A task of the map, or one of these types, discriminated by `type`. */
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

/** The options of a new task besides its type and payload. */
export type NewTaskOptions = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends OptionalAtEnqueue
    ? Exclude<Name, 'payload'>
    : never]?: RequestValue<TaskFields[Name]>;
};

/** The payload is optional if none of its members is required. */
type WithPayload<Payload> =
  Record<never, never> extends Payload ? { payload?: Payload } : { payload: Payload };

export type NewTask<Tasks, Type extends TypeOf<Tasks>> = {
  /** 1 to 200 characters. */
  type: Type;
} & WithPayload<PayloadOf<Tasks, Type>> &
  NewTaskOptions;

/** A new task of any type of the map, with the payload of that type. */
export type AnyNewTask<Tasks> = {
  [Type in TypeOf<Tasks>]: NewTask<Tasks, Type>;
}[TypeOf<Tasks>];
