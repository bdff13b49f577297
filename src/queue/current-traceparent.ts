import { isSpanContextValid, trace } from '@opentelemetry/api';
import { formatTraceparent } from '../domain/traceparent.js';

/** The `traceparent` of the span that is active, as OpenTelemetry has it; null where there is none. */
export function currentTraceparent(): string | null {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? formatTraceparent(context) : null;
}
