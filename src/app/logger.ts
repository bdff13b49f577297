import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { LineSink, type LineStream, standardError } from './log-output.js';

export interface LoggerOptions {
  logLevel: string;
  /** `auto` is readable text on a terminal and JSON lines elsewhere. */
  logFormat: 'auto' | 'pretty' | 'json';
}

/** What of a line is told in its sentence. */
const IN_SENTENCE = 'method,path,status,ms,request_id';

/** A line of the log as one sentence. */
function sentence({ msg, method, path, status, ms, request_id: id }: Record<string, unknown>): string {
  if (method === undefined) return id === undefined ? String(msg) : `${msg} (request ${id})`;
  const reply = msg === 'request' ? `${status}, ${ms} ms` : `client disconnected after ${ms} ms`;
  return `${method} ${path}: ${reply}`;
}

/**
 * What a terminal would take for a command, or would show in another order than it is written: texts in a log come from
 * clients and handlers. Below U+0080 the line has only the colours that it was given.
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

/** True for the line of a poll that went well. */
const isAnsweredPoll = ({ method, status }: { method?: unknown; status?: unknown }): boolean =>
  method === 'GET' && typeof status === 'number' && status < 400;

type Options = { level: string; base: undefined };

/** In the log where lines are missing, once it can be written again. */
const notice = (dropped: number): string =>
  `${JSON.stringify({ level: 40, time: Date.now(), dropped, msg: 'lines of the log could not be written' })}\n`;

/**
 * For people. An open dashboard asks several times a second, and who is told so sees nothing else: answered polls are
 * left out unless everything is wanted.
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

/** Where our own loggers write. Lines are plain where they are pino's JSON, with nothing added and nothing left out. */
const sinks = new WeakMap<Logger, { sink: LineSink; isPlain: boolean }>();

/** Where the logger writes, if a line put there is just as if the logger had written it. */
export function lineStreamOf(logger: Logger): LineStream | undefined {
  const to = sinks.get(logger);
  return to?.isPlain ? to.sink : undefined;
}

/** How many of the logger's lines could not be written; 0 for a logger that was made elsewhere. */
export const droppedLinesOf = (logger: Logger): number => sinks.get(logger)?.sink.dropped ?? 0;

/** Structured logs, on standard error: standard output is for what a command was asked to say. */
export function createLogger({ logLevel, logFormat }: LoggerOptions): Logger {
  const pretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: undefined };
  return pretty ? readableLogger(options) : jsonLogger(options);
}

export const silentLogger: Logger = pino({ level: 'silent' });
