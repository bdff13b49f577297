import type { WriteReply, WriteRequest } from './messages.js';

/** The outcome of a group of requests. */
export interface CommittedGroup {
  /** One for each request, in their order. */
  replies: WriteReply[];
  /** Whether any task changed. */
  changed: boolean;
  /** For the event sink. */
  events: unknown[];
}

/** Runs a group of requests in one transaction. Independent of threads; an engine may answer later. */
export interface Committer {
  /** Takes the write lock. False if another process holds it; throws other errors. */
  tryBegin(now: number): boolean | Promise<boolean>;
  /** Runs the requests and commits. Call after {@link tryBegin}. Never throws: errors are in the replies. */
  commit(requests: readonly WriteRequest[]): CommittedGroup | Promise<CommittedGroup>;
  /** The replies to requests that were not run. */
  failAll(requests: readonly WriteRequest[], error: unknown): WriteReply[];
}
