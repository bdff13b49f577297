import { writeSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** Takes finished lines. */
export interface LineStream {
  write(line: string): unknown;
}

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

/** True for the line of a poll that went well. */
const isAnsweredPoll = ({ method, status }: { method?: unknown; status?: unknown }): boolean =>
  method === 'GET' && typeof status === 'number' && status < 400;

/**
 * For people. An open dashboard asks several times a second, and who is told so sees nothing else: answered polls are
 * left out unless everything is wanted.
 */
const readableLogger = (options: { level: string; base: undefined }): Logger =>
  pino(
    {
      ...options,
      hooks: {
        logMethod(args, method) {
          if (this.isLevelEnabled('debug') || !isAnsweredPoll(Object(args[0]))) method.apply(this, args);
        },
      },
    },
    readable(),
  );

/** Where loggers write whose lines are pino's plain JSON, with nothing added and nothing left out. */
const lineStreams = new WeakMap<Logger, LineStream>();

/** Where the logger writes, if a line put there is just as if the logger had written it. */
export const lineStreamOf = (logger: Logger): LineStream | undefined => lineStreams.get(logger);

/**
 * Gathers the lines of one turn of the event loop into one write: a busy server answers many requests in one turn, and
 * to write the line of each by itself costs more than to make it.
 */
class GatheredLines implements LineStream {
  readonly #destination = pino.destination({ fd: 2, sync: false });
  #text = '';

  constructor() {
    process.once('exit', () => this.#writeRest());
  }

  write(line: string): void {
    if (this.#text === '') setImmediate(this.#flush);
    this.#text += line;
  }

  readonly #flush = (): void => {
    this.#destination.write(this.#text);
    this.#text = '';
  };

  /** What a process says in the turn in which it ends. */
  #writeRest(): void {
    try {
      writeSync(2, this.#text);
    } catch {
      // Nobody takes the log any more.
    }
  }
}

function jsonLogger(options: { level: string; base: undefined }): Logger {
  const lines = new GatheredLines();
  const logger = pino(options, lines);
  lineStreams.set(logger, lines);
  return logger;
}

/** Structured logs, on standard error: standard output is for what a command was asked to say. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Logger {
  const pretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: undefined };
  return pretty ? readableLogger(options) : jsonLogger(options);
}

export const silentLogger: Logger = pino({ level: 'silent' });
