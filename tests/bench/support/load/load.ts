/** A request as text: what goes over the wire is made of it once, before the clock runs. */
export interface LoadRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Load {
  address: string;
  connections: number;
  /** Sent in turn, over and over. */
  requests: readonly LoadRequest[];
  /** How long to send. Answers that are still out then are waited for. */
  seconds: number;
  /**
   * Requests per second. They fall due at this pace whatever the server does, and one that finds no free connection
   * waits with its clock running: a server that stands still is seen by all who would have asked. Absent: each connection
   * sends its next request as soon as it has its answer.
   */
  perSecond?: number;
}

export interface LoadResult {
  answers: number;
  /** From the first request to the last answer. */
  seconds: number;
  perSecond: number;
  /** Answers by status; 0 is a connection that broke. */
  statuses: Record<number, number>;
  /** Answers outside 200–399. */
  errors: number;
  /** Milliseconds from falling due to the answer. */
  p50: number;
  p99: number;
  max: number;
  /** Share of the time in which the process that puts the load was busy: near 1, it is what was measured. */
  busy: number;
}
