import type { HistogramReading } from '../../domain/histogram.js';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels: Labels;
  /** A histogram's is its reading, in the family's unit. */
  value: number | HistogramReading;
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
  | HistogramReading
  | readonly (readonly [labels: Labels, value: number | HistogramReading])[];

const samplesOf = (values: Values): Sample[] =>
  Array.isArray(values)
    ? values.map(([labels, value]) => ({ labels, value }))
    : [{ labels: {}, value: values as number | HistogramReading }];

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

/** The families with a label more on each of their series. */
export const withLabels = (families: readonly MetricFamily[], more: Labels): MetricFamily[] =>
  families.map((family) => ({
    ...family,
    samples: family.samples.map(({ labels, value }) => ({ labels: { ...more, ...labels }, value })),
  }));
