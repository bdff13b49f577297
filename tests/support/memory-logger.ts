import { type Logger, pino } from 'pino';

export interface MemoryLogger extends Logger {
  /** Messages so far, oldest first. */
  messages: string[];
  /** The same with all that goes with them. */
  lines: { level: number; msg: string; [name: string]: unknown }[];
}

/** A logger whose messages a test can read. */
export function memoryLogger(): MemoryLogger {
  const messages: string[] = [];
  const lines: MemoryLogger['lines'] = [];
  const write = (text: string): void => {
    const line = JSON.parse(text);
    lines.push(line);
    messages.push(line.msg);
  };
  return Object.assign(pino({ base: undefined }, { write }), { messages, lines });
}
