const FIELDS: Readonly<Record<string, string>> = {
  failureReason: 'failure_reason',
  createdAfter: 'created_after_utc',
  createdBefore: 'created_before_utc',
};

/** A filter as the API takes it. A misspelt name goes along, to be refused there; so does what is undefined not. */
export const bulkFilterBody = (filter: object): object =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [FIELDS[name] ?? name, value instanceof Date ? value.toISOString() : value]),
  );
