import { describe, expect, test } from '@jest/globals';
import { entityTag, namesTag } from '../../src/controllers/entity-tag.js';

const TAG = entityTag(42, true);

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
