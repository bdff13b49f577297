import { jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

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
    'What `spoolite doctor` says: damage, lost log entries, counters against a count, leases, the clock, versions, free space, the write-ahead log, the disk, permissions. All of the file is read, so it takes as long as the file is large; nobody waits for it but who asked, and he for ten seconds: `running` then says that more is to come. What was found is remembered for a minute; `fresh` starts a new check.',
  replies: {
    200: jsonReply('What was found.', 'Examination', {
      Examined: examined,
      'Still at it': { level: null, running: true, examined_at_utc: null, took_seconds: null, findings: [] },
    }),
  },
};
