import type { WriteReply, WriteRequest } from './messages.js';

/** What has become of a group of requests. */
export interface CommittedGroup {
  /** One for each request, in their order. */
  replies: WriteReply[];
  /** Whether any task changed. */
  changed: boolean;
  /** What the event sink is to be given. */
  events: unknown[];
}

/** Runs a group of requests in one transaction. Knows nothing of threads; an engine may answer later. */
export interface Committer {
  /** Takes the write lock. False when somebody else holds it; throws what else goes wrong. */
  tryBegin(now: number): boolean | Promise<boolean>;
  /** Runs the requests and commits. Call after {@link tryBegin}. Never throws: what went wrong is in the replies. */
  commit(requests: readonly WriteRequest[]): CommittedGroup | Promise<CommittedGroup>;
  /** The replies to requests of which none was run. */
  failAll(requests: readonly WriteRequest[], error: unknown): WriteReply[];
}
