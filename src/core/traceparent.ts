/** Version, trace id, parent id and flags; what later versions append is ignored. */
const GRAMMAR = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

const NO_TRACE = '0'.repeat(32);
const NO_PARENT = '0'.repeat(16);

export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** The lowest bit: the trace is recorded. */
  traceFlags: number;
}

/** Parses a `traceparent` by the grammar of the W3C recommendation; null if it is invalid. */
export function parseTraceparent(text: string): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = GRAMMAR.exec(text) ?? [];
  if (!version || !traceId || !spanId || !flags || version === 'ff') return null;
  if (version === '00' && more !== undefined) return null;
  if (traceId === NO_TRACE || spanId === NO_PARENT) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** Formats as version 00, whose only flag is the lowest bit. */
export const formatTraceparent = ({ traceId, spanId, traceFlags }: TraceContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`;

/** The stored form of a request's `traceparent`; null if it is invalid, as those are ignored. */
export function keptTraceparent(text: string | undefined): string | null {
  const context = text === undefined ? null : parseTraceparent(text);
  return context && formatTraceparent(context);
}
