import { describe, expect, test } from '@jest/globals';
import { getTableColumns } from 'drizzle-orm';
import { fieldsIn, REPLY_FIELDS, REQUEST_FIELDS, TASK_FIELDS } from '../../src/core/task-fields.js';
import { requestDigest } from '../../src/core/task-request.js';
import { tasks } from '../../src/db/sqlite/schema.js';

/** Columns that are no fields: what claims look at, and what is written of an attempt for the log. */
const OWN_COLUMNS = ['due', 'claimedRevision'];

describe('the list of fields', () => {
  test('has every column, and no stored field without one', () => {
    const stored = fieldsIn('stored', 'claim', 'transfer').map(({ name }) => name);
    const columns = Object.keys(getTableColumns(tasks)).filter((name) => !OWN_COLUMNS.includes(name));
    expect([...stored].sort()).toEqual(columns.sort());
  });

  test('says null is a value of those fields whose columns may be null', () => {
    for (const { name, nullable = false } of fieldsIn('stored', 'transfer'))
      expect([name, nullable]).toEqual([name, !getTableColumns(tasks)[name as 'type'].notNull]);
  });

  test('has each name once', () => {
    for (const names of [
      Object.values(TASK_FIELDS).map(({ wire }) => wire),
      REPLY_FIELDS.map(({ property }) => property),
    ])
      expect(new Set(names).size).toBe(names.length);
  });

  test('lets what was added later be left out of requests, and be null in files of before', () => {
    for (const { request, nullable } of REQUEST_FIELDS.filter(({ addedLater }) => addedLater))
      expect([request?.default, nullable]).toEqual([null, true]);
  });
});

test('the digest of a request is what it was in every version before', () => {
  const request = {
    type: 'mail',
    priority: 7,
    payload: '{"to":["ada"],"n":1}',
    compatibility: '{"region":"us"}',
    maxAttempts: 3,
    runAfter: 1_762_371_300_000,
    idempotencyKey: 'k',
  };
  expect(requestDigest(request)).toBe('qq0vhxUDHK1IN0q813-msC3ULeE2GkxOFSX9F1hLZnI');
});
