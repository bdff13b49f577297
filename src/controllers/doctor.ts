import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponse } from '../auth/exchange.js';
import { type DoctorFinding, worstLevel } from '../core/finding.js';
import { formatInstant } from '../core/instant.js';
import type { DiagnosisState, Diagnostics } from '../services/diagnostics.js';
import { query } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { flag, instant, list, nullable, number, resource, text } from './resource-fields.js';
import { sendJson } from './respond.js';
import { type JsonSchema, named, type Route, type RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';

/** Milliseconds that a reply waits for a check; a large file takes longer. */
const TIMEOUT_MS = 10_000;

const findingResource = ({ advice, ...finding }: DoctorFinding) => ({ ...finding, advice: advice ?? null });

const diagnosisResource = ({ last, isRunning }: DiagnosisState) => ({
  level: last && worstLevel(last.findings),
  running: isRunning,
  checked_at_utc: last && formatInstant(last.at),
  took_seconds: last && last.tookMs / 1000,
  findings: last?.findings.map(findingResource) ?? [],
});

/** Findings of a check of the database. */
export class DoctorController {
  readonly #diagnostics: Diagnostics;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  read = async ({ query }: { query: { fresh: boolean } }, res: HttpResponse): Promise<void> => {
    const over = new AbortController();
    const timeout = pause(TIMEOUT_MS, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    try {
      const state = await this.#diagnostics.ask(query.fresh, timeout);
      res.setHeader('Cache-Control', 'no-store');
      sendJson(res, 200, JSON.stringify(diagnosisResource(state)));
    } finally {
      over.abort();
    }
  };
}

export const doctorQuery = query({
  fresh: Schema.boolean().empty('').default(false).description('Do not answer from the cache.').example(true),
});

const level: JsonSchema = text(
  '`ok`; `warning`: working, but needs attention; `problem`: something is wrong.',
  { enum: ['ok', 'warning', 'problem'] },
);

const finding = resource('The outcome of one check.', {
  check: text('Name of the check.'),
  level,
  message: text('What was found, for people.'),
  advice: nullable(text('What to do about it; null where the check passed.')),
});

const diagnosisSchema = named(
  'Diagnosis',
  resource('Findings of a check of the database.', {
    level: nullable({ ...level, description: 'The worst of all levels; null before the first check.' }),
    running: flag('Whether a check is running: ask again for its findings.'),
    checked_at_utc: nullable(instant('When these findings were taken; null before the first check.')),
    took_seconds: nullable(number('How long that took.')),
    findings: list('One entry per check.', finding),
  }),
);

const checked = {
  level: 'warning',
  running: false,
  checked_at_utc: '2025-11-05T19:35:00.000Z',
  took_seconds: 1.2,
  findings: [
    { check: 'integrity', level: 'ok', message: 'SQLite finds no damage', advice: null },
    {
      check: 'leases',
      level: 'warning',
      message: '3 of 10 have expired and are overdue',
      advice: 'start a server or a worker, or use spoolite doctor --fix',
    },
  ],
};

const read: RouteDocs = {
  operationId: 'diagnoseDatabase',
  tag: 'operating',
  summary: 'Check the database',
  description:
    'The same as `spoolite doctor`: damage, lost log entries, counters against a recount, leases, the clock, versions, free space, the write-ahead log, the disk, permissions. It reads the whole file, so the time grows with its size; other requests are not delayed. The answer comes within ten seconds; `running` means that the check is still running. Findings are cached for a minute; `fresh` starts a new check.',
  replies: {
    200: jsonReply('What was found.', diagnosisSchema, {
      Checked: checked,
      'Still running': {
        level: null,
        running: true,
        checked_at_utc: null,
        took_seconds: null,
        findings: [],
      },
    }),
  },
};

export const doctorRoutes = (doctor: DoctorController): Route[] => [
  {
    method: 'get',
    path: '/api/doctor',
    scopes: ['admin'],
    rateLimit: 'reads',
    schemas: { query: doctorQuery },
    docs: read,
    handle: doctor.read,
  },
];
