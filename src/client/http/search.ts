/** Parameters of a query; those that are undefined or null are left out. */
export type Parameters = Record<string, string | number | null | undefined>;

/** `?a=1&b=2`, or nothing. Commas stay as they are: a thousand ids would not fit into a request line otherwise. */
export function searchOf(parameters: Parameters = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [`${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}
