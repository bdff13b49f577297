import type { ServerResponse } from 'node:http';
import { NotReady } from './not-ready.js';
import { sendJson } from './send-json.js';

/** Name of each check → "ok", or a sentence that says what is wrong. */
export type Readiness = () => Promise<Record<string, string>>;

/** For whoever operates the server. */
export class OperatingController {
  readonly #version: string;
  readonly #readiness: Readiness;

  constructor(version: string, readiness: Readiness) {
    this.#version = version;
    this.#readiness = readiness;
  }

  /** Says that the process lives, and asks nothing else: whoever restarts it on a failure would help nobody. */
  health = async (_req: unknown, res: ServerResponse): Promise<void> => {
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
