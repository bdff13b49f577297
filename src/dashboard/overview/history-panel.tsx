import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistorySpan } from '../../client/index.js';
import { dueQuery, historyQuery } from '../api/queries.js';
import { Chart } from '../charts/chart.js';
import { type ChartLine, DURATION_STEPS } from '../charts/plot-options.js';
import { formatCount, formatDuration } from '../components/format.js';
import { ErrorNote } from '../components/placeholders.js';
import { ageWithin } from './age-samples.js';
import { type Counted, rates, ratesSoFar } from './rates.js';

const perMinute = (value: number): string =>
  value >= 10 || Number.isInteger(value) ? formatCount(Math.round(value)) : value.toFixed(1);

function throughput(spans: HistorySpan[], step: number, ageNow: number | null): ChartLine[] {
  const line = (name: string, color: string, of: Counted): ChartLine => ({
    name,
    color,
    values: rates(spans, of, step),
    drawn: ratesSoFar(spans, of, step, Date.now()),
    axis: 'left',
    least: 5,
    format: perMinute,
  });
  return [
    line('Enqueued', '--line-strong', 'enqueued'),
    { ...line('Completed', '--completed', 'completed'), isFilled: true },
    line('Failed', '--failed', 'failed'),
    {
      name: 'Oldest due',
      color: '--queued',
      values: spans.map(({ minute }) => ageWithin(minute, step, ageNow)),
      axis: 'right',
      least: 10,
      isDashed: true,
      steps: DURATION_STEPS,
      format: formatDuration,
    },
  ];
}

function durations(spans: HistorySpan[]): ChartLine[] {
  const line = (name: string, color: string, of: 'waitSeconds' | 'runSeconds'): ChartLine => ({
    name,
    color,
    values: spans.map((span) => span[of].p95),
    axis: 'left',
    least: 1,
    steps: DURATION_STEPS,
    format: formatDuration,
  });
  return [line('Wait (p95)', '--queued', 'waitSeconds'), line('Run (p95)', '--processing', 'runSeconds')];
}

/** Recent activity, minute by minute. */
export function HistoryPanel() {
  const [range, setRange] = useState<HistoryRange>(RANGES[0]);
  const history = useQuery(historyQuery(range.minutes, range.step));
  const { data: due } = useQuery(dueQuery);
  const spans = history.data ?? [];
  const times = spans.map(({ minute }) => minute.getTime() / 1000);
  // While another range is loading, the previous one stays, with its own steps.
  const step =
    spans[0] && spans[1] ? (spans[1].minute.getTime() - spans[0].minute.getTime()) / 60_000 : range.step;
  const lines = throughput(spans, step, due?.oldestDueAgeSeconds ?? null);
  if (history.error && !history.data)
    return <ErrorNote title="Could not load the history" error={history.error} onRetry={history.refetch} />;
  return (
    <section className="panel" aria-busy={!history.data}>
      <div className="panel-head">
        <h2>Tasks per minute, and age of the oldest due task</h2>
        <RangeSwitch range={range} onChange={setRange} />
      </div>
      <Chart title="tasks per minute" times={times} lines={lines} />
      <h2 className="chart-title">Wait and run times</h2>
      <Chart title="durations" times={times} lines={durations(spans)} />
      <p className="quiet small">
        The last interval is incomplete: its rate so far appears once a minute has passed. p95: 95% of tasks
        took less. Tasks scheduled for later are not due. For the time before this page was opened, the age
        shown is that of the task that is oldest now.
      </p>
    </section>
  );
}

export interface HistoryRange {
  name: string;
  minutes: number;
  /** Minutes per point. */
  step: number;
}

export const RANGES: readonly [HistoryRange, ...HistoryRange[]] = [
  { name: '1 h', minutes: 60, step: 1 },
  { name: '6 h', minutes: 360, step: 5 },
  { name: '24 h', minutes: 1_440, step: 15 },
  { name: '7 d', minutes: 10_080, step: 120 },
];

interface RangeSwitchProps {
  range: HistoryRange;
  onChange(range: HistoryRange): void;
}

/** The time range of the charts. */
export function RangeSwitch({ range, onChange }: RangeSwitchProps) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Time range</legend>
      {RANGES.map((one) => (
        <button type="button" key={one.name} aria-pressed={one === range} onClick={() => onChange(one)}>
          {one.name}
        </button>
      ))}
    </fieldset>
  );
}
