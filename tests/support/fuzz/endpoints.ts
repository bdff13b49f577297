import type { Schema } from 'joi';
import { createControllers } from '../../../src/controllers/controllers.js';
import type { Route } from '../../../src/controllers/route.js';
import { createRoutes } from '../../../src/http/routes.js';
import { systemClock } from '../../../src/index.js';
import { openSqliteStorage } from '../../../src/repositories/sqlite/open-sqlite-storage.js';

export interface Endpoint {
  method: string;
  /** With `:task_id` for an id. */
  path: string;
  /** Names of the body's fields; null when the endpoint takes none. */
  fields: string[] | null;
  parameters: string[];
}

const keysOf = (schema: unknown): string[] =>
  Object.keys(((schema as Schema | undefined)?.describe().keys ?? {}) as object);

const toEndpoint = ({ method, path, schemas }: Route): Endpoint => ({
  method: method.toUpperCase(),
  path,
  fields: schemas?.body ? keysOf(schemas.body) : null,
  parameters: keysOf(schemas?.query),
});

/** Every endpoint of the route table, so that a new one is fuzzed as soon as it is there. */
export async function endpoints(): Promise<Endpoint[]> {
  const storage = openSqliteStorage({
    file: ':memory:',
    durability: 'normal',
    clock: systemClock,
    random: Math.random,
  });
  const controllers = createControllers({
    repositories: storage.repositories,
    clock: systemClock,
    version: '0',
    readiness: () => storage.check(),
    onCommit: (listener) => storage.onCommit(listener),
  });
  const routes = createRoutes(controllers, '0');
  await storage.close();
  return routes.map(toEndpoint);
}
