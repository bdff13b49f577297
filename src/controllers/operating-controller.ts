import type { ServerResponse } from 'node:http';
import type { SpooliteError } from '../domain/spoolite-error.js';
import { NotReady } from './not-ready.js';
import { sendJson } from './send-json.js';

/** Name of each check → "ok", or a sentence that says what is wrong. */
export type Readiness = () => Promise<Record<string, string>>;

/** Why the process can write nothing any more until it is started again; null while that is not so. */
export type Failure = () => SpooliteError | null;

/** For whoever operates the server. */
export class OperatingController {
  readonly #version: string;
  readonly #readiness: Readiness;
  readonly #failure: Failure;

  constructor(version: string, readiness: Readiness, failure: Failure) {
    this.#version = version;
    this.#readiness = readiness;
    this.#failure = failure;
  }

  /** Says that the process lives. Throws only what a restart mends: for anything else it would help nobody. */
  health = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const failure = this.#failure();
    if (failure) throw failure;
    const body = { status: 'ok', version: this.#version, uptime_seconds: process.uptime() };
    sendJson(res, 200, JSON.stringify(body));
  };

  ready = async (_req: unknown, res: ServerResponse): Promise<void> => {
    const checks = await this.#check();
    if (Object.values(checks).some((outcome) => outcome !== 'ok')) throw new NotReady(checks);
    sendJson(res, 200, JSON.stringify({ status: 'ready', checks }));
  };

  async #check(): Promise<Record<string, string>> {
    try {
      return await this.#readiness();
    } catch (cause) {
      const error = new NotReady({ storage: 'does not answer' });
      error.cause = cause;
      throw error;
    }
  }
}
