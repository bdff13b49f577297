export interface Example {
  summary: string;
  value: unknown;
}

export type Examples = Readonly<Record<string, Example>>;

/** `Being worked on` → `being-worked-on`. */
const keyOf = (summary: string): string => summary.toLowerCase().replaceAll(/[^a-z]+/g, '-');

/** Bodies by what they show. */
export const examples = (values: Readonly<Record<string, unknown>>): Examples =>
  Object.fromEntries(Object.entries(values).map(([summary, value]) => [keyOf(summary), { summary, value }]));
