import {
  type Attributes,
  context,
  type Exception,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { decideFailure } from '../core/retry.js';
import type { ClaimedTask } from '../core/task.js';
import { parseTraceparent } from '../core/traceparent.js';
import type { AttemptResult } from './outcome.js';

const TRACER = trace.getTracer('spoolite');

const attributesOf = ({ id, type, attempts }: ClaimedTask): Attributes => ({
  'messaging.system': 'spoolite',
  'messaging.operation.type': 'process',
  'messaging.destination.name': type,
  'messaging.message.id': String(id),
  'spoolite.task.attempt': attempts,
});

/** Links to the span that enqueued the task. */
function linksOf({ traceparent }: ClaimedTask) {
  const caller = traceparent === null ? null : parseTraceparent(traceparent);
  return caller ? [{ context: { ...caller, isRemote: true } }] : [];
}

function exceptionOf(error: unknown, message: string): Exception {
  try {
    const { name, stack } = error as Error;
    return { name: String(name ?? 'Error'), message, ...(stack && { stack: String(stack) }) };
  } catch {
    return { name: 'Error', message };
  }
}

/**
 * The span of a handler. It is linked to the caller's span and not its child, as the semantic conventions for messaging
 * recommend for deferred work: the caller's trace may be long over, and a retried task has several spans. Without an
 * OpenTelemetry SDK it does nothing.
 */
export class AttemptSpan {
  readonly #task: ClaimedTask;
  readonly #span: Span;
  readonly #isTraced: boolean;
  #error: unknown;

  constructor(task: ClaimedTask) {
    this.#task = task;
    this.#span = TRACER.startSpan(task.type, {
      root: true,
      kind: SpanKind.CONSUMER,
      attributes: attributesOf(task),
      links: linksOf(task),
    });
    this.#isTraced = isSpanContextValid(this.#span.spanContext());
  }

  /** Runs the handler with this span active. */
  run<T>(handler: () => T): T {
    if (!this.#isTraced) return handler();
    return context.with(trace.setSpan(ROOT_CONTEXT, this.#span), handler);
  }

  /** Records an error, of the handler or of its timeout. */
  threw(error: unknown): void {
    this.#error ??= error;
  }

  end(result: AttemptResult): void {
    if (!this.#isTraced) return;
    if (typeof result === 'string') this.#span.setAttribute('spoolite.task.outcome', result);
    else if ('failure' in result) this.#fail(result.failure);
    else this.#span.setAttribute('spoolite.task.outcome', 'completed');
    this.#span.end();
  }

  #fail(failure: Parameters<typeof decideFailure>[1]): void {
    const { status } = decideFailure(this.#task, failure);
    this.#span.setAttribute('spoolite.task.outcome', status === 'queued' ? 'retried' : 'failed');
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure.errorMessage });
    this.#span.recordException(exceptionOf(this.#error, failure.errorMessage));
  }
}
