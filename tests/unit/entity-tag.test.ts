import { describe, expect, test } from '@jest/globals';
import { entityTag, namesRevision, namesTag } from '../../src/controllers/task-resource.js';

const TAG = entityTag(42, true, null);

describe('namesTag', () => {
  test.each([
    ['"42"'],
    [' "42" '],
    ['W/"42"'],
    ['"41", "42"'],
    ['"41","42","43"'],
    ['W/"41" , W/"42"'],
    ['"a,b", "42"'],
    ['"", "42"'],
    ['*'],
    [' * '],
  ])('%s names it', (header) => expect(namesTag(header, TAG)).toBe(true));

  test.each([
    ['"41"'],
    ['42'],
    [''],
    [','],
    ['"42'],
    ['42"'],
    ['"4", "2"'],
    ['"142"'],
    ['"42 "'],
    ['w/"42"'],
    ['W/ "42"'],
    ['*, *'],
    ['"41" "42"'],
    ['"x, "42"'],
  ])('%s does not', (header) => expect(namesTag(header, TAG)).toBe(false));
});

describe('namesRevision', () => {
  test.each([['W/"42.7"'], ['"42"'], ['"41.42", W/"42.0"'], ['*'], [entityTag(42, true, 3)]])(
    '%s names it',
    (header) => expect(namesRevision(header, 42, true)).toBe(true),
  );

  test.each([['W/"41.42"'], ['"42-hidden.7"'], ['"42.7.1"'], ['"42.x"'], ['"4.2"'], ['']])(
    '%s does not',
    (header) => expect(namesRevision(header, 42, true)).toBe(false),
  );
});
