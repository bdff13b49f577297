import { type Metric, Registry } from 'prom-client';
import type { HistogramSnapshot } from '../core/statistics.js';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels: Labels;
  /** For a histogram, its snapshot, in the family's unit. */
  value: number | HistogramSnapshot;
}

/** A metric with all its series. */
export interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** What it means, in one sentence. */
  help: string;
  samples: readonly Sample[];
}

type Values =
  | number
  | HistogramSnapshot
  | readonly (readonly [labels: Labels, value: number | HistogramSnapshot])[];

const samplesOf = (values: Values): Sample[] =>
  Array.isArray(values)
    ? values.map(([labels, value]) => ({ labels, value }))
    : [{ labels: {}, value: values as number | HistogramSnapshot }];

const familyOf =
  (type: MetricFamily['type']) =>
  (name: string, help: string, values: Values): MetricFamily => ({
    name,
    type,
    help,
    samples: samplesOf(values),
  });

export const counter = familyOf('counter');
export const gauge = familyOf('gauge');
export const histogram = familyOf('histogram');

/** Adds labels to each series of the families. */
export const withLabels = (families: readonly MetricFamily[], more: Labels): MetricFamily[] =>
  families.map((family) => ({
    ...family,
    samples: family.samples.map(({ labels, value }) => ({ labels: { ...more, ...labels }, value })),
  }));

export type Format = typeof Registry.PROMETHEUS_CONTENT_TYPE | typeof Registry.OPENMETRICS_CONTENT_TYPE;

interface Line {
  metricName?: string;
  labels: Record<string, string | number>;
  value: number;
}

/** A histogram's buckets are cumulative in the exposition. */
function histogramLines(name: string, labels: Labels, { bounds, counts, sum }: HistogramSnapshot): Line[] {
  let count = 0;
  const buckets = counts.map((more, at) => {
    count += more;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

const linesOf = (name: string, { labels, value }: Sample): Line[] =>
  typeof value === 'number' ? [{ labels, value }] : histogramLines(name, labels, value);

/**
 * Metrics as text. Values are counted where they occur, as plain numbers, and read at the moment of the scrape: so each
 * scrape has a registry of its own.
 */
export function exposition(families: readonly MetricFamily[], format: Format): Promise<string> {
  const registry = new Registry<Format>();
  registry.setContentType(format);
  for (const { name, type, help, samples } of families) {
    const values = samples.flatMap((sample) => linesOf(name, sample));
    const metric = { name, type, help, get: async () => ({ name: metric.name, type, help, values }) };
    registry.registerMetric(metric as unknown as Metric);
  }
  return registry.metrics();
}

export const TEXT_FORMAT = Registry.PROMETHEUS_CONTENT_TYPE;
export const OPENMETRICS_FORMAT = Registry.OPENMETRICS_CONTENT_TYPE;
