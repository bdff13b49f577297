/** Version, trace id, parent id and flags; what a later version may add behind them is not for us. */
const GRAMMAR = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

const NO_TRACE = '0'.repeat(32);
const NO_PARENT = '0'.repeat(16);

/** A place in a trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** The lowest bit: somebody records this trace. */
  traceFlags: number;
}

/** Reads a `traceparent` by the grammar of the W3C recommendation; null for anything that is not one. */
export function parseTraceparent(text: string): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = GRAMMAR.exec(text) ?? [];
  if (!version || !traceId || !spanId || !flags || version === 'ff') return null;
  if (version === '00' && more !== undefined) return null;
  if (traceId === NO_TRACE || spanId === NO_PARENT) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** The same as text, in version 00, which knows of no flag but the lowest. */
export const formatTraceparent = ({ traceId, spanId, traceFlags }: TraceContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`;

/** What is kept of a `traceparent` that came with a request; null for one that is none, which is not heeded. */
export function keptTraceparent(text: string | undefined): string | null {
  const context = text === undefined ? null : parseTraceparent(text);
  return context && formatTraceparent(context);
}
