import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { createLogger } from '../app/logger.js';
import { type App, type AppOptions, createApp, createWorker } from '../app.js';
import { isInMemory } from '../config/database.js';
import { resolveOptions } from '../config/option.js';
import { type Config, DEFAULTS } from '../config/options.js';
import {
  asVariables,
  backupPlanOf,
  configOf,
  type Flags,
  findSettingsFile,
  flagOf,
  readSettings,
  type Settings,
  variableOf,
} from '../config/read-config.js';
import { SERVER } from '../config/server-options.js';
import { STORAGE } from '../config/storage-options.js';
import { WORKER } from '../config/worker-options.js';
import { UserError } from '../core/errors.js';
import type { Handlers } from '../worker/handlers.js';
import { banner } from './banner.js';
import { EXAMPLE_HANDLERS, loadHandlers } from './load-handlers.js';
import { isServerProcess, onSighup, runUntilSignal, ServerProcesses, serveFor } from './processes.js';

const say = (text: string): void => console.log(text);

const storageOptions = (config: Config, logger = createLogger(config)) => ({
  ...resolveOptions(STORAGE, config),
  createFolder: resolve(config.database) === resolve(DEFAULTS.database),
  logger,
  onFatal: exitOnFatalError(logger),
});

/** A forked process uses the settings that the first one has read, as the file may have changed. */
async function settingsFor(flags: Flags): Promise<Settings> {
  const file = isServerProcess ? undefined : await findSettingsFile(flags);
  return readSettings(flags, undefined, file);
}

/** A server; with handlers it includes a worker. */
async function runServer(config: Config, handlers?: Handlers): Promise<number> {
  const { allowedHosts, graceSeconds, host, port, allowUnauthenticated } = config;
  // The environment may hold worker options too, which a server without handlers does not accept.
  const worker = handlers ? { ...resolveOptions(WORKER, config), handleCrashes: true } : { graceSeconds };
  const tls = certificateFiles(config);
  const storage = storageOptions(config);
  const app: App = createApp({
    ...storage,
    handlers,
    worker,
    ...resolveOptions(SERVER, config),
    backups: backupPlanOf(config),
    // The host it listens on is always allowed.
    allowedHosts: [...allowedHosts, host],
    tls,
  });
  const address = await app.start({ host, port, allowUnauthenticated });
  onSighup(tls !== undefined, () => reloadCertificate(app, storage.logger));
  if (isServerProcess) return serveFor(app, address);
  const exit = runUntilSignal(app, say);
  const { id, types } = app.worker;
  say(banner(config, { address, isOpen: await app.isOpen(), ...(handlers && { worker: { id, types } }) }));
  return exit;
}

/** `spoolite serve`: resolves to the exit code once it has stopped. */
export async function serve(flags: Flags): Promise<number> {
  const settings = await settingsFor(flags);
  const config = configOf(settings);
  if (config.processes === 1 || isServerProcess) return runServer(config);
  if (isInMemory(config.database)) {
    throw new UserError('--processes needs a database file to share: set one with --database.');
  }
  // All processes must accept a session that one of them has signed.
  const secret = { [variableOf('sessionSecret')]: config.sessionSecret ?? randomBytes(32).toString('hex') };
  const processes = new ServerProcesses(config.graceSeconds, { ...asVariables(settings), ...secret });
  const address = await processes.start(config.processes);
  onSighup(config.tlsCert !== undefined, () => processes.forwardSighup());
  const exit = runUntilSignal(processes, say);
  say(banner(config, { address }));
  return exit;
}

/** `spoolite dev` */
export async function dev(flags: Flags): Promise<number> {
  const config = configOf(await settingsFor(flags));
  const handlers = await loadHandlers(config.handlers ?? EXAMPLE_HANDLERS);
  return runServer(config, handlers);
}

/** `spoolite work` */
export async function work(flags: Flags): Promise<number> {
  const config = configOf(await settingsFor(flags));
  if (!config.handlers) {
    throw new UserError('A worker needs handlers: name their module with --handlers ./handlers.js.');
  }
  if (isInMemory(config.database)) {
    throw new UserError('A worker needs the file that the server writes to: name it with --database.');
  }
  const handlers = await loadHandlers(config.handlers);
  const options = { ...storageOptions(config), ...resolveOptions(WORKER, config), handleCrashes: true };
  const worker = createWorker({ ...options, handlers });
  await worker.start();
  const exit = runUntilSignal(worker, say);
  say(banner(config, { worker: { id: worker.id, types: config.types ?? Object.keys(handlers) } }));
  return exit;
}

/** The paths of certificate and key; undefined without them. Throws `UserError` if only one is set. */
export function certificateFiles({ tlsCert, tlsKey }: Config): AppOptions['tls'] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  const [set, unset] = tlsKey === undefined ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
  throw new UserError(
    `${flagOf(set)} (${variableOf(set)}) also needs ${flagOf(unset)} (${variableOf(unset)}): https requires both.`,
  );
}

/** Reloads the app's certificate and logs the outcome, as no caller waits for it. */
export function reloadCertificate(app: App, logger: Logger): void {
  try {
    const validUntil = app.reloadCertificate();
    if (validUntil) logger.info({ valid_until: validUntil.toISOString() }, 'certificate reloaded');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    logger.error({ reason: error.message }, 'certificate not reloaded, the previous one stays in use');
  }
}

/**
 * Ends the process after a fatal error, so that its supervisor restarts it. At once: pending writes get no reply, as
 * their outcome is unknown. Leases of running tasks expire.
 */
export const exitOnFatalError =
  (logger: Logger) =>
  (error: Error): never => {
    logger.fatal({ err: error }, 'shutting down: the writer has failed');
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    console.error(`spoolite: The writer thread has failed${cause}. Restart the program.`);
    process.exit(1);
  };
