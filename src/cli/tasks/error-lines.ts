import { plainText } from './plain-text.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MARGIN = '    ';

/** What is kept of an error, a line each: its stack, then what caused it, each level further in. */
function linesOf(error: unknown, margin: string, lead: string): string[] {
  if (!isObject(error)) return [];
  const { name, message, code, stack, cause, errors, thrown, value } = error;
  if (thrown !== undefined) return [`${margin}${lead}${plainText(`${thrown} ${value}`)}`];
  const text = typeof stack === 'string' ? stack : `${name}: ${message}`;
  const [first = '', ...rest] = text.split('\n').map((line) => plainText(line.trim()));
  return [
    `${margin}${lead}${first}${code === undefined ? '' : ` [${plainText(String(code))}]`}`,
    ...rest.map((line) => `${margin}  ${line}`),
    ...linesOf(cause, `${margin}  `, 'caused by: '),
    ...(Array.isArray(errors) ? errors.flatMap((one) => linesOf(one, `${margin}  `, 'one of: ')) : []),
  ];
}

/** The error that the details of a log entry are about, as lines below the entry; null for other details. */
export function errorLines(details: unknown): string[] | null {
  const lines = isObject(details) ? linesOf(details.error, MARGIN, '') : [];
  return lines.length > 0 ? lines : null;
}
