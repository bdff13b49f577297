import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';

export interface LoggerOptions {
  logLevel: string;
  /** `auto` is readable text on a terminal and JSON lines elsewhere. */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** Structured logs, on standard error: standard output is for what a command was asked to say. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Logger {
  const pretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: undefined };
  if (!pretty) return pino(options, pino.destination({ fd: 2, sync: false }));
  return pino(
    options,
    PinoPretty({ destination: 2, translateTime: 'HH:MM:ss.l', colorize: process.stderr.isTTY }),
  );
}

export const silentLogger: Logger = pino({ level: 'silent' });
