import type { Logger } from 'pino';
import type { App } from '../app.js';
import { StartupError } from '../domain/startup-error.js';

/** Has the app read its certificate anew, and logs what came of that: nobody waits for an answer. */
export function reloadCertificate(app: App, logger: Logger): void {
  try {
    const validUntil = app.reloadCertificate();
    if (validUntil) logger.info({ valid_until: validUntil.toISOString() }, 'certificate reloaded');
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    logger.error({ reason: error.message }, 'certificate not reloaded, the one before stays in use');
  }
}
