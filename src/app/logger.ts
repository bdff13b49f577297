import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { LineSink, type LineStream, standardError } from './log-output.js';

export interface LoggerOptions {
  logLevel: string;
  /** `auto` is readable text on a terminal and JSON lines elsewhere. */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** Members that the sentence of a line contains. */
const IN_SENTENCE = 'method,path,status,ms,request_id';

/** A line of the log as one sentence. */
function sentence({ msg, method, path, status, ms, request_id: id }: Record<string, unknown>): string {
  if (method === undefined) return id === undefined ? String(msg) : `${msg} (request ${id})`;
  const reply = msg === 'request' ? `${status}, ${ms} ms` : `client disconnected after ${ms} ms`;
  return `${method} ${path}: ${reply}`;
}

/**
 * Characters that a terminal would interpret, or show in another order: texts in a log come from clients and handlers.
 * Below U+0080 only our own colour codes remain.
 */
const MISLEADING = /[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Makes a line of JSON readable. */
function readable(): (line: string) => string {
  const pretty = prettyFactory({
    translateTime: 'HH:MM:ss.l',
    colorize: process.stderr.isTTY,
    singleLine: true,
    ignore: IN_SENTENCE,
    messageFormat: sentence,
  });
  return (line) => pretty(line).replace(MISLEADING, escaped);
}

/** True for the line of a successful poll. */
const isAnsweredPoll = ({ method, status }: { method?: unknown; status?: unknown }): boolean =>
  method === 'GET' && typeof status === 'number' && status < 400;

type Options = { level: string; base: undefined };

/** Logged in place of dropped lines, once the output works again. */
const notice = (dropped: number): string =>
  `${JSON.stringify({ level: 40, time: Date.now(), dropped, msg: 'lines of the log could not be written' })}\n`;

/**
 * For people. An open dashboard polls several times a second and would drown everything else: answered polls are shown
 * only at level `debug`.
 */
function readableLogger(options: Options): Logger {
  const pretty = readable();
  const sink = new LineSink(standardError(), (dropped) => pretty(notice(dropped)));
  const logger = pino(
    {
      ...options,
      hooks: {
        logMethod(args, method) {
          if (this.isLevelEnabled('debug') || !isAnsweredPoll(Object(args[0]))) method.apply(this, args);
        },
      },
    },
    { write: (line) => sink.write(pretty(line)) },
  );
  sinks.set(logger, { sink, isPlain: false });
  return logger;
}

function jsonLogger(options: Options): Logger {
  const sink = new LineSink(standardError(), notice);
  const logger = pino(options, sink);
  sinks.set(logger, { sink, isPlain: true });
  return logger;
}

/** The outputs of our own loggers. Lines are plain if they are exactly pino's JSON. */
const sinks = new WeakMap<Logger, { sink: LineSink; isPlain: boolean }>();

/** The logger's output, if a line written to it equals one from the logger. */
export function lineStreamOf(logger: Logger): LineStream | undefined {
  const to = sinks.get(logger);
  return to?.isPlain ? to.sink : undefined;
}

/** How many of the logger's lines could not be written; 0 for a logger created elsewhere. */
export const droppedLinesOf = (logger: Logger): number => sinks.get(logger)?.sink.dropped ?? 0;

/** Structured logs, on standard error: standard output is for a command's results. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Logger {
  const pretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: undefined };
  return pretty ? readableLogger(options) : jsonLogger(options);
}

export const silentLogger: Logger = pino({ level: 'silent' });
