import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Finding, worstLevel } from '../domain/finding.js';
import { formatInstant } from '../domain/instant.js';
import type { Examination, ExaminationState } from './examination.js';
import { sendJson } from './send-json.js';

/** Milliseconds that an answer waits for an examination; a large file takes longer. */
const PATIENCE_MS = 10_000;

const findingResource = ({ advice, ...finding }: Finding) => ({ ...finding, advice: advice ?? null });

const resource = ({ last, isRunning }: ExaminationState) => ({
  level: last && worstLevel(last.findings),
  running: isRunning,
  examined_at_utc: last && formatInstant(last.at),
  took_seconds: last && last.tookMs / 1000,
  findings: last?.findings.map(findingResource) ?? [],
});

/** What an examination of the database has found. */
export class DoctorController {
  readonly #examination: Examination;

  constructor(examination: Examination) {
    this.#examination = examination;
  }

  read = async ({ query }: { query: { fresh: boolean } }, res: ServerResponse): Promise<void> => {
    const over = new AbortController();
    const patience = pause(PATIENCE_MS, undefined, { signal: over.signal, ref: false }).catch(
      () => undefined,
    );
    try {
      const state = await this.#examination.ask(query.fresh, patience);
      res.setHeader('Cache-Control', 'no-store');
      sendJson(res, 200, JSON.stringify(resource(state)));
    } finally {
      over.abort();
    }
  };
}
