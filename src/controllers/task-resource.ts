import { principalOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Clock } from '../core/clock.js';
import { formatInstant } from '../core/instant.js';
import { pollAdviceSeconds } from '../core/poll-advice.js';
import type { ClaimedTask, StoredTask } from '../core/task.js';
import type { TaskFieldKind } from '../core/task-field.js';
import { fieldsIn, type NamedTaskField, REPLY_FIELDS } from '../core/task-fields.js';
import type { QueueEstimate, QueueEstimates, TypeEstimates } from '../services/queue-estimates.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { sendJson } from './respond.js';

/** Replies with one task: its tag and, while it is live, advice when to poll again. */
export class TaskReply {
  readonly #typeEstimates: TypeEstimates;
  readonly #queueEstimates: QueueEstimates;
  readonly #clock: Clock;
  readonly #budget: ReplyBudget;

  constructor(
    typeEstimates: TypeEstimates,
    queueEstimates: QueueEstimates,
    clock: Clock,
    budget: ReplyBudget,
  ) {
    this.#typeEstimates = typeEstimates;
    this.#queueEstimates = queueEstimates;
    this.#clock = clock;
    this.#budget = budget;
  }

  /** 200 with the task; 304 without it if `ifNoneMatch`, the header of that name, matches. */
  async send(res: HttpResponse, task: StoredTask, ifNoneMatch?: string): Promise<void> {
    const estimate = task.status === 'queued' ? await this.#queueEstimates.of(task) : null;
    const tag = entityTag(task.revision, principalOf(res).seesPayloads, estimate?.position ?? null);
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (task.finishedAt === null) res.setHeader('Retry-After', await this.#advice(task));
    // Before the body is built: an unchanged poll costs only the comparison of its tag.
    if (ifNoneMatch === undefined || !namesTag(ifNoneMatch, tag)) {
      const text = taskTextFor(res)(task);
      const json = estimate ? withEstimate(text, estimate) : text;
      this.#budget.hold(res, json.length);
      return sendJson(res, 200, json);
    }
    res.statusCode = 304;
    res.end();
  }

  async #advice(task: StoredTask): Promise<number> {
    return pollAdviceSeconds(task, await this.#typeEstimates.of(task.type), this.#clock.now());
  }
}

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));
const instant = (ms: number | null): string => (ms === null ? 'null' : `"${formatInstant(ms)}"`);

/** Serializers by kind; other kinds are written as stored. */
const WRITERS: { readonly [Kind in TaskFieldKind]?: (value: never) => string } = {
  name: JSON.stringify,
  text,
  choice: text,
  instant,
  // The only flag: whether a task is done.
  flag: (finishedAt: number | null) => `${finishedAt !== null}`,
};

type Values = Readonly<Record<string, unknown>>;

/**
 * Builds the one mapper from a stored task to the API's resource, as JSON text: payload, compatibility and result pass
 * through unparsed.
 */
function resourceWriter(
  fields: readonly NamedTaskField[],
  seesPayloads: boolean,
): (task: StoredTask) => string {
  const members = fields.map(({ name, wire, kind, masked }, at) => ({
    start: `${at === 0 ? '{' : ','}"${wire}":`,
    name: kind === 'flag' ? 'finishedAt' : name,
    isHidden: masked !== undefined && !seesPayloads,
    write: WRITERS[kind] as ((value: unknown) => string) | undefined,
  }));
  return (task) => {
    let json = '';
    for (let at = 0; at < members.length; at++) {
      const { start, name, isHidden, write } = members[at] as (typeof members)[number];
      const value = isHidden ? null : (task as unknown as Values)[name];
      json += write === undefined ? start + value : start + write(value);
    }
    return `${json}}`;
  };
}

/** The resource with what the client may see. */
export type TaskText = (task: StoredTask) => string;

/** Caches the text of a task: stored tasks are immutable, and a cached one is polled again. */
function cached(textOf: TaskText): TaskText {
  const texts = new WeakMap<StoredTask, string>();
  return (task) => {
    const cachedText = texts.get(task);
    if (cachedText !== undefined) return cachedText;
    const text = textOf(task);
    texts.set(task, text);
    return text;
  };
}

const wholeTask = cached(resourceWriter(REPLY_FIELDS, true));

/** For keys that may not see payloads: payload and result are null. */
const taskWithoutPayload = cached(resourceWriter(REPLY_FIELDS, false));

/** The resource, by the permissions of the request that `res` answers. */
export const taskTextFor = (res: HttpResponse): TaskText =>
  principalOf(res).seesPayloads ? wholeTask : taskWithoutPayload;

/** The resource of a queued task, with its position and estimated start. */
export const withEstimate = (task: string, { position, estimatedStart }: QueueEstimate): string =>
  `${task.slice(0, -1)},"queue_position":${position},"estimated_start_utc":${instant(estimatedStart)}}`;

/** The task resource with lease token and trace context. Workers always see the payload. */
export const claimedTaskJson: (task: ClaimedTask) => string = resourceWriter(
  fieldsIn('reply', 'claimReply'),
  true,
);

/**
 * The weak tag of a task: its revision, which every change raises, and while it is queued its place in the queue, which
 * moves without one. Replies without payload and result have another tag, so that no cache confuses the two.
 */
export function entityTag(revision: number, seesPayloads: boolean, position: number | null): string {
  const state = seesPayloads ? `${revision}` : `${revision}-hidden`;
  return position === null ? `W/"${state}"` : `W/"${state}.${position}"`;
}

const TAG = /^\s*(?:W\/)?("[^"]*")\s*(?:,|$)/;

/** The tags of an `If-None-Match` header, weak ones as strong ones, up to the first syntax error (RFC 9110, 13.1.2). */
function* tagsIn(header: string): Generator<string> {
  let rest = header;
  for (let match = TAG.exec(rest); match; match = TAG.exec(rest)) {
    yield match[1] as string;
    rest = rest.slice(match[0].length);
  }
}

const strong = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);

/** Whether an `If-None-Match` header matches the tag: in a list, weak or strong, or by `*`. */
export function namesTag(header: string, tag: string): boolean {
  // The form of nearly every poll.
  if (header === tag || header.trim() === '*') return true;
  const wanted = strong(tag);
  for (const named of tagsIn(header)) if (named === wanted) return true;
  return false;
}

/** Whether the header has the revision, with any place in the queue. */
export function namesRevision(header: string, revision: number, seesPayloads: boolean): boolean {
  if (header.trim() === '*') return true;
  const wanted = strong(entityTag(revision, seesPayloads, null));
  for (const named of tagsIn(header)) if (named.replace(/\.\d+"$/, '"') === wanted) return true;
  return false;
}
