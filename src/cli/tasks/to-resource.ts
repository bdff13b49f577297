const INSTANTS = new Set([
  'at',
  'createdAt',
  'updatedAt',
  'runAfter',
  'processingStartedAt',
  'finishedAt',
  'leaseUntil',
  'estimatedStart',
  'startedAt',
  'lastHeartbeat',
]);

function nameOf(key: string): string {
  if (key === 'processingStartedAt') return 'processing_started_utc';
  const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return INSTANTS.has(key) ? `${name}_utc` : name;
}

/**
 * What the client gives, as the API has it: scripts and people find the same names in both. Only the members themselves:
 * what is inside of them (a payload, a result, details) is the user's.
 */
export const toResource = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [nameOf(key), member]));
