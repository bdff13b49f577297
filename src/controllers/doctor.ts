import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponse } from '../auth/exchange.js';
import { type DoctorFinding, worstLevel } from '../core/finding.js';
import { formatInstant } from '../core/instant.js';
import type { Diagnostics, ExaminationState } from '../services/diagnostics.js';
import { query } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { flag, instant, list, nullable, number, resource, text } from './resource-fields.js';
import { sendJson } from './respond.js';
import type { JsonSchema, RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';

/** Milliseconds that an answer waits for an examination; a large file takes longer. */
const PATIENCE_MS = 10_000;

const findingResource = ({ advice, ...finding }: DoctorFinding) => ({ ...finding, advice: advice ?? null });

const examinationResource = ({ last, isRunning }: ExaminationState) => ({
  level: last && worstLevel(last.findings),
  running: isRunning,
  examined_at_utc: last && formatInstant(last.at),
  took_seconds: last && last.tookMs / 1000,
  findings: last?.findings.map(findingResource) ?? [],
});

/** What an examination of the database has found. */
export class DoctorController {
  readonly #examination: Diagnostics;

  constructor(examination: Diagnostics) {
    this.#examination = examination;
  }

  read = async ({ query }: { query: { fresh: boolean } }, res: HttpResponse): Promise<void> => {
    const over = new AbortController();
    const patience = pause(PATIENCE_MS, undefined, { signal: over.signal, ref: false }).catch(
      () => undefined,
    );
    try {
      const state = await this.#examination.ask(query.fresh, patience);
      res.setHeader('Cache-Control', 'no-store');
      sendJson(res, 200, JSON.stringify(examinationResource(state)));
    } finally {
      over.abort();
    }
  };
}

export const doctorQuery = query({
  fresh: Schema.boolean()
    .empty('')
    .default(false)
    .description('Do not answer with what is remembered.')
    .example(true),
});

const level: JsonSchema = text(
  '`ok`; `warning`: it works, but somebody should see to it; `problem`: something is wrong.',
  { enum: ['ok', 'warning', 'problem'] },
);

const finding = resource('What was found of one thing.', {
  check: text('What was looked at, in a word or two.'),
  level,
  message: text('What was found, for people.'),
  advice: nullable(text('What to do about it; null where all is well.')),
});

export const examinationSchema = resource('What an examination of the database has found.', {
  level: nullable({ ...level, description: 'The worst of all levels; null before anything was examined.' }),
  running: flag('Whether an examination is under way: ask again for what it will find.'),
  examined_at_utc: nullable(instant('When these findings were taken; null before anything was examined.')),
  took_seconds: nullable(number('How long that took.')),
  findings: list('A line for each thing that was looked at.', finding),
});

const examined = {
  level: 'warning',
  running: false,
  examined_at_utc: '2025-11-05T19:35:00.000Z',
  took_seconds: 1.2,
  findings: [
    { check: 'integrity', level: 'ok', message: 'SQLite finds no damage', advice: null },
    {
      check: 'leases',
      level: 'warning',
      message: '3 of 10 have expired and were not taken back',
      advice: 'start a server or a worker, or use spoolite doctor --fix',
    },
  ],
};

export const doctorDocs: RouteDocs = {
  operationId: 'examineDatabase',
  tag: 'operating',
  summary: 'Examine the database',
  description:
    'What `spoolite doctor` says: damage, lost log entries, counters against a count, leases, the clock, versions, free space, the write-ahead log, the disk, permissions. All of the file is read, so it takes as long as the file is large; nobody waits for it but who asked, and he for ten seconds: `running` then says that more is to come. What was found is remembered for a minute; `fresh` has it done anew.',
  replies: {
    200: jsonReply('What was found.', 'Examination', {
      Examined: examined,
      'Still at it': { level: null, running: true, examined_at_utc: null, took_seconds: null, findings: [] },
    }),
  },
};
