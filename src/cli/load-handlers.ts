import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../core/errors.js';
import type { Handlers } from '../worker/handlers.js';

/** The bundled example handlers. */
export const EXAMPLE_HANDLERS = new URL('../../examples/handlers.js', import.meta.url);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The error in the module, with its position if available. */
function reasonOf(error: unknown, shown: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SyntaxError) return `${error.message} ("node --check ${shown}" says where).`;
  const place = /(?:\(|file:\/\/)(\/[^()\s]+:\d+):\d+/.exec(error.stack ?? '')?.[1];
  return place ? `${error.message} (${place})` : error.message;
}

async function importModule(url: URL, shown: string): Promise<{ default?: unknown }> {
  try {
    return await import(url.href);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new UserError(
        `This Node.js cannot run ${shown}: compile it to JavaScript, or use Node.js 22.18 or newer.`,
      );
    }
    const reason = reasonOf(error, shown);
    throw new UserError(`Loading the handlers from ${shown} failed: ${reason}`, { cause: error });
  }
}

/**
 * Loads the handlers object that a module exports as its default: an ES module, a CommonJS one, or TypeScript if Node
 * can run it. Throws `UserError`.
 */
export async function loadHandlers(path: string | URL): Promise<Handlers> {
  const shown = path instanceof URL ? 'the examples' : path;
  const url = path instanceof URL ? path : pathToFileURL(resolve(path));
  const found = statSync(url, { throwIfNoEntry: false });
  if (!found) throw new UserError(`The handlers module ${shown} does not exist.`);
  if (!found.isFile()) throw new UserError(`${shown} is not a file: name the handlers module itself.`);
  const module = await importModule(url, shown);
  // A CommonJS module compiled from an ES one nests its default export.
  const exported =
    isObject(module.default) && isObject(module.default.default) ? module.default.default : module.default;
  if (!isObject(exported) || Object.keys(exported).length === 0) {
    throw new UserError(`${shown} must export an object of handlers by task type as its default.`);
  }
  return exported as Handlers;
}
