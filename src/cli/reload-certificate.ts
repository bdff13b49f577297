import type { Logger } from 'pino';
import type { App } from '../app.js';
import { StartupError } from '../domain/startup-error.js';

/** Reloads the app's certificate and logs the outcome, as a signal has no reply. */
export function reloadCertificate(app: App, logger: Logger): void {
  try {
    const validUntil = app.reloadCertificate();
    if (validUntil) logger.info({ valid_until: validUntil.toISOString() }, 'certificate reloaded');
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    logger.error({ reason: error.message }, 'certificate not reloaded, the one before stays in use');
  }
}
