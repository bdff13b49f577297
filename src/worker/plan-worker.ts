import { StartupError } from '../domain/startup-error.js';
import type { Handlers } from './handler.js';
import { HandlerRegistry, namedHandlers } from './handler-registry.js';
import { type WorkerOptions, type WorkerSettings, workerSettings } from './worker-settings.js';

/** What a worker goes by, checked and complete. */
export interface WorkerPlan {
  handlers: HandlerRegistry;
  settings: WorkerSettings;
}

/** Checks handlers and options before anything is opened for them. Throws `StartupError`. */
export function planWorker(handlers: Handlers, options: WorkerOptions): WorkerPlan {
  if (typeof handlers !== 'object' || handlers === null || Array.isArray(handlers))
    throw new StartupError('handlers must be an object of handlers by task type.');
  const named = namedHandlers(handlers);
  const settings = workerSettings(options, Object.keys(named));
  return { handlers: new HandlerRegistry(named, settings.timeoutSeconds), settings };
}
