import { type Logger, pino } from 'pino';

/** A logger that keeps what it is told, parsed. */
export function capturingLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  return { logger: pino({ level: 'trace', base: undefined }, { write }), lines };
}
