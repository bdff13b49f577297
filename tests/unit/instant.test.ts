import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, parseInstant } from '../../src/core/instant.js';

const at = (text: string): number => Date.parse(text);

describe('parseInstant', () => {
  test.each([
    ['2025-11-05T19:35:00Z', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05T19:35:00.5Z', '2025-11-05T19:35:00.500Z'],
    ['2025-11-05T19:35:00.123999999Z', '2025-11-05T19:35:00.123Z'],
    ['2025-11-05t19:35:00z', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05 19:35:00+00:00', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05T19:35:00+09:00', '2025-11-05T10:35:00.000Z'],
    ['2025-11-05T19:35:00-08:00', '2025-11-06T03:35:00.000Z'],
    ['2025-11-05T19:35:00+05:45', '2025-11-05T13:50:00.000Z'],
    ['2025-11-05T19:35:00-00:00', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05T19:35:00', '2025-11-05T19:35:00.000Z'],
    ['2025-11-05 19:35:00', '2025-11-05T19:35:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, instant) => expect(parseInstant(text)).toBe(at(instant)));

  test.each([
    ['an impossible day', '2025-02-29T00:00:00Z'],
    ['a leap day in a century that has none', '2100-02-29T00:00:00Z'],
    ['the 31st of a short month', '2025-04-31T00:00:00Z'],
    ['day 0', '2025-01-00T00:00:00Z'],
    ['month 0', '2025-00-01T00:00:00Z'],
    ['month 13', '2025-13-01T00:00:00Z'],
    ['hour 24', '2025-01-01T24:00:00Z'],
    ['minute 60', '2025-01-01T00:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['an offset of 24 hours', '2025-01-01T00:00:00+24:00'],
    ['an offset of 60 minutes', '2025-01-01T00:00:00+01:60'],
    ['an offset without colon', '2025-01-01T00:00:00+0100'],
    ['an offset of hours alone', '2025-01-01T00:00:00+01'],
    ['the name of a zone', '2025-01-01T00:00:00 UTC'],
    ['a bare date', '2025-01-01'],
    ['no seconds', '2025-01-01T00:00Z'],
    ['no digit after the dot', '2025-01-01T00:00:00.Z'],
    ['a comma for the dot', '2025-01-01T00:00:00,5Z'],
    ['a number', '1762371300'],
    ['a year before 1970', '1969-12-31T23:59:59Z'],
    ['a time that its offset puts before 1970', '1970-01-01T00:00:00+01:00'],
    ['a year before 1970 that its offset puts after', '1969-12-31T23:30:00-01:00'],
    ['a time that its offset puts after 9999', '9999-12-31T23:59:59-00:01'],
    ['a year of five digits', '10000-01-01T00:00:00Z'],
    ['a year with a sign', '+2025-01-01T00:00:00Z'],
    ['space around it', ' 2025-01-01T00:00:00Z '],
    ['a line after it', '2025-01-01T00:00:00Z\n'],
    ['other digits', '２０２５-01-01T00:00:00Z'],
    ['nothing', ''],
  ])('%s is none: %j', (_, text) => expect(parseInstant(text)).toBeNull());

  const instants = fc.integer({ min: 0, max: at('9999-12-31T23:59:59.999Z') });
  const offsets = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 });

  test('reads back every instant that is written', () => {
    fc.assert(fc.property(instants, (instant) => expect(parseInstant(formatInstant(instant))).toBe(instant)));
  });

  test('writes what a Date does, of whatever day the one before was', () => {
    const edges = [0, 86_399_999, 86_400_000, -1, -86_400_001, at('9999-12-31T23:59:59.999Z'), 8.64e15, 1.5];
    const any = fc.oneof(instants, fc.constantFrom(...edges));
    fc.assert(
      fc.property(any, (instant) => expect(formatInstant(instant)).toBe(new Date(instant).toISOString())),
    );
    // Of the day that has only one instant.
    expect(formatInstant(8.64e15)).toBe('+275760-09-13T00:00:00.000Z');
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])
      expect(() => formatInstant(none)).toThrow(RangeError);
    expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000Z');
  });

  test('one instant is the same in every zone, whatever zone the machine is in', () => {
    const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
    const inZone = (instant: number, offset: number): string => {
      const local = formatInstant(instant + offset * 60_000).slice(0, -1);
      const minutes = Math.abs(offset);
      return `${local}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
    };
    const margin = 24 * 3_600_000;
    const inner = fc.integer({ min: margin, max: at('9999-12-30T00:00:00Z') });
    fc.assert(
      fc.property(inner, offsets, (instant, offset) => {
        expect(parseInstant(inZone(instant, offset))).toBe(instant);
      }),
    );
  });

  test('any text is an instant that can be answered, or none', () => {
    const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
    const nearly = fc
      .tuple(
        digits(4),
        digits(2),
        digits(2),
        digits(2),
        digits(2),
        digits(2),
        fc.constantFrom('', 'Z', '+09:30'),
      )
      .map(
        ([year, month, day, hour, minute, second, zone]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`,
      );
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const instant = parseInstant(text);
        if (instant !== null)
          expect(formatInstant(instant)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
      { numRuns: 500 },
    );
  });
});
