import { type Logger, pino } from 'pino';

export interface MemoryLogger extends Logger {
  /** Messages so far, oldest first. */
  messages: string[];
}

/** A logger whose messages a test can read. */
export function memoryLogger(): MemoryLogger {
  const messages: string[] = [];
  const logger = pino({ base: undefined }, { write: (line: string) => messages.push(JSON.parse(line).msg) });
  return Object.assign(logger, { messages });
}
