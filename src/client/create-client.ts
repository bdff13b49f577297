import { checkedOptions } from './checked-options.js';
import type { ClientOptions } from './client-options.js';
import { SpooliteClient } from './spoolite-client.js';
import type { AnyTasks, TaskTypes } from './task-types.js';

/**
 * A client of the server at `url`. It knows the program's types of tasks when it is told: `createClient<Tasks>({ url })`.
 * Throws `TypeError` for an impossible address, and for an option that is none or cannot be.
 */
export const createClient = <Tasks extends TaskTypes<Tasks> = AnyTasks>(
  options?: ClientOptions,
): SpooliteClient<Tasks> => new SpooliteClient<Tasks>(checkedOptions(options));
