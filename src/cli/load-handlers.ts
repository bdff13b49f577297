import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupError } from '../domain/startup-error.js';
import type { Handlers } from '../worker/handler.js';

/** The handlers that come with the program, for trying it out. */
export const EXAMPLE_HANDLERS = new URL('../../examples/handlers.js', import.meta.url);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

async function importModule(url: URL, shown: string): Promise<{ default?: unknown }> {
  try {
    return await import(url.href);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new StartupError(
        `This Node.js cannot run ${shown}: compile it to JavaScript, or use Node.js 22.18 or newer.`,
      );
    }
    throw new StartupError(`Loading the handlers from ${shown} failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Loads the handlers object that a module exports as its default: an ES module, a CommonJS one, or TypeScript where
 * Node can run it. Throws `StartupError`.
 */
export async function loadHandlers(path: string | URL): Promise<Handlers> {
  const shown = path instanceof URL ? 'the examples' : path;
  const url = path instanceof URL ? path : pathToFileURL(resolve(path));
  if (!existsSync(url)) throw new StartupError(`The handlers module ${shown} does not exist.`);
  const module = await importModule(url, shown);
  // A CommonJS module compiled from an ES one has its default inside.
  const exported =
    isObject(module.default) && isObject(module.default.default) ? module.default.default : module.default;
  if (!isObject(exported) || Object.keys(exported).length === 0) {
    throw new StartupError(`${shown} must export an object of handlers by task type as its default.`);
  }
  return exported as Handlers;
}
