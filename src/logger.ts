import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';

export interface LoggerOptions {
  logLevel: string;
  /** `auto` is readable text on a terminal and JSON lines elsewhere. */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** What of a line is told in its sentence. */
const TOLD = 'method,path,status,ms,request_id';

/** A line of the log as one sentence. */
function sentence({ msg, method, path, status, ms, request_id: id }: Record<string, unknown>): string {
  if (method === undefined) return id === undefined ? String(msg) : `${msg} (request ${id})`;
  const reply = msg === 'request' ? `${status}, ${ms} ms` : `client hung up after ${ms} ms`;
  return `${method} ${path}: ${reply}`;
}

const readable = () =>
  PinoPretty({
    destination: 2,
    translateTime: 'HH:MM:ss.l',
    colorize: process.stderr.isTTY,
    singleLine: true,
    ignore: TOLD,
    messageFormat: sentence,
  });

/** Structured logs, on standard error: standard output is for what a command was asked to say. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Logger {
  const pretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: undefined };
  return pretty ? pino(options, readable()) : pino(options, pino.destination({ fd: 2, sync: false }));
}

export const silentLogger: Logger = pino({ level: 'silent' });
