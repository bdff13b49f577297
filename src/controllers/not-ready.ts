import { SpooliteError } from '../domain/spoolite-error.js';

/** NOT_READY, with the outcome of every check. */
export class NotReady extends SpooliteError {
  constructor(readonly checks: Readonly<Record<string, string>>) {
    const failures = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
    super('NOT_READY', failures.map(([name, outcome]) => `${name}: ${outcome}`).join('; '));
  }
}
