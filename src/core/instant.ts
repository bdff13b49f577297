const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))?$/;

/** Range of years that can be stored and returned. */
const MIN_YEAR = 1970;
const MAX_YEAR = 9999;

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * Parses an RFC 3339 date-time into milliseconds since 1970 UTC; null for anything else. A space is accepted for the
 * `T`; no zone means UTC; digits past milliseconds are cut off; a leap second is refused, as it could not be returned.
 */
export function parseInstant(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHours, offsetMinutes] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  const possible =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    offsetHours <= 23 &&
    offsetMinutes <= 59;
  if (!possible) return null;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000 * (match[9] === '-' ? -1 : 1);
  const instant = local - offset;
  const resultYear = new Date(instant).getUTCFullYear();
  return year >= MIN_YEAR && resultYear >= MIN_YEAR && resultYear <= MAX_YEAR ? instant : null;
}

const DAY_MS = 24 * 3600 * 1000;

const numbers = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `${number}`.padStart(digits, '0'));

const SECONDS = numbers(60, 2);
const MILLISECONDS = numbers(1000, 3);

/** The last instant of a `Date`, in milliseconds since 1970 UTC; it is the first of a day. */
const LAST_MS = 8.64e15;

/** The last day formatted, in days since 1970 UTC, and its text up to the `T`. */
let lastDay = Number.NaN;
let lastDayText = '';

/**
 * RFC 3339 in UTC with `Z` and milliseconds; throws `RangeError` for an invalid instant. Caches the day: replies are
 * mostly instants, nearly all of one day, and this is several times as fast as a `Date`.
 */
export function formatInstant(milliseconds: number): string {
  if (!Number.isInteger(milliseconds) || milliseconds > LAST_MS) return new Date(milliseconds).toISOString();
  const day = Math.floor(milliseconds / DAY_MS);
  if (day !== lastDay) {
    lastDayText = new Date(milliseconds).toISOString().slice(0, -'00:00:00.000Z'.length);
    lastDay = day;
  }
  const time = milliseconds - day * DAY_MS;
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${lastDayText}${SECONDS[hours]}:${SECONDS[minutes % 60]}:${SECONDS[seconds % 60]}.${MILLISECONDS[time % 1000]}Z`;
}
