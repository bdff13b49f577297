import type { CheckReport } from './check.js';
import type { TortureOptions } from './setup.js';
import type { Figures } from './torture.js';
import { VIOLATIONS, type Violation, type ViolationName } from './violations.js';

/** The result of a run, as printed by `--json`. */
export interface TortureResult extends Figures, Record<CountedViolation, number> {
  seed: number;
  seconds: number;
  servers: number;
  workers: number;
  finished_by_status: Record<string, number>;
  integrity_check: string;
  violations: Violation[];
}

/** Violations with a row of their own, even if none were found. */
const ROWS = {
  lost: 'lost',
  refused_but_stored: 'refused, but stored',
  unasked: 'stored unasked',
  overrun: 'executed more often than allowed',
  owned_twice: 'claimed while held',
  settled_twice: 'settled twice',
  superseded: 'settled by an attempt not its owner',
  stuck: 'stuck (not finished at the end)',
  log_differs: 'log and row disagree',
  counters: 'counters that differ from a recount',
  ended_by_itself: 'processes that ended, or would not end',
  unexpected_reply: 'replies that no client should get',
} as const satisfies Partial<Record<ViolationName, string>>;

type CountedViolation = keyof typeof ROWS;

const COUNTED = Object.keys(ROWS) as CountedViolation[];

export function toResult(
  options: TortureOptions,
  figures: Figures,
  { endings, violations }: CheckReport,
): TortureResult {
  const { seed, seconds, servers, workers } = options;
  const countOf = (name: ViolationName) =>
    violations.find((violation) => violation.name === name)?.count ?? 0;
  const counts = Object.fromEntries(COUNTED.map((name) => [name, countOf(name)]));
  return {
    seed,
    seconds,
    servers,
    workers,
    ...figures,
    ...(counts as Record<CountedViolation, number>),
    finished_by_status: endings,
    integrity_check: countOf('damage') === 0 ? 'ok' : `${countOf('damage')} problems`,
    violations,
  };
}

const row = (label: string, value: number | string): string =>
  `  ${label.padEnd(42)}${String(value).padStart(10)}`;

function describe({ name, count, details }: Violation): string[] {
  const more = count > details.length ? [`    … and ${count - details.length} more`] : [];
  return [
    `VIOLATION: ${VIOLATIONS[name]} (${name}): ${count}`,
    ...details.map((detail) => `    ${detail}`),
    ...more,
  ];
}

/** The result as a table, and each violation in words. */
export function formatReport(result: TortureResult): string {
  const { seconds, servers, workers, seed, violations } = result;
  return [
    `Tortured ${servers} servers and ${workers} workers for ${seconds} s, seed ${seed}.`,
    '',
    row('kills', result.kills),
    row('stops', result.stops),
    row('  of workers that outlasted their lease', result.stops_past_lease),
    row('graceful terminations', result.terminations),
    '',
    row('acknowledged', result.acknowledged),
    row('no answer at all (sent again)', result.unanswered),
    row('refused', result.refused),
    row('executed', result.executed),
    ...COUNTED.map((name) => row(ROWS[name], result[name])),
    row('integrity check', result.integrity_check),
    '',
    ...Object.entries(result.finished_by_status)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([ending, count]) => row(ending, count)),
    '',
    ...(violations.length === 0 ? ['No violations.'] : violations.flatMap(describe)),
  ].join('\n');
}
