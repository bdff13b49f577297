import { principalOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Clock } from '../core/clock.js';
import { formatInstant } from '../core/instant.js';
import { pollAdviceSeconds } from '../core/poll-advice.js';
import type { ClaimedTask, StoredTask } from '../core/task.js';
import type { TaskFieldKind } from '../core/task-field.js';
import { fieldsIn, type NamedTaskField, REPLY_FIELDS } from '../core/task-fields.js';
import type { Outlook, QueueEstimates, TypeEstimates } from '../services/queue-estimates.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { sendJson } from './respond.js';

/** Every reply that is one task: with its tag, and with advice when to ask again while it is not done. */
export class TaskReply {
  readonly #estimates: TypeEstimates;
  readonly #outlook: QueueEstimates;
  readonly #clock: Clock;
  readonly #budget: ReplyBudget;

  constructor(estimates: TypeEstimates, outlook: QueueEstimates, clock: Clock, budget: ReplyBudget) {
    this.#estimates = estimates;
    this.#outlook = outlook;
    this.#clock = clock;
    this.#budget = budget;
  }

  /** 200 with the task; 304 without where `ifNoneMatch`, the header of that name, says that the client has it. */
  async send(res: HttpResponse, task: StoredTask, ifNoneMatch?: string): Promise<void> {
    const outlook = task.status === 'queued' ? await this.#outlook.of(task) : null;
    const tag = entityTag(task.revision, principalOf(res).seesPayloads, outlook?.position ?? null);
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (task.finishedAt === null) res.setHeader('Retry-After', await this.#advice(task));
    // Before the body is built: a poll that learns nothing new costs no more than its tag.
    if (ifNoneMatch === undefined || !namesTag(ifNoneMatch, tag)) {
      const text = taskTextFor(res)(task);
      const json = outlook ? withEstimate(text, outlook) : text;
      this.#budget.hold(res, json.length);
      return sendJson(res, 200, json);
    }
    res.statusCode = 304;
    res.end();
  }

  async #advice(task: StoredTask): Promise<number> {
    return pollAdviceSeconds(task, await this.#estimates.of(task.type), this.#clock.now());
  }
}

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));
const instant = (ms: number | null): string => (ms === null ? 'null' : `"${formatInstant(ms)}"`);

/** How values of a kind are written; those of other kinds are written as they are stored. */
const WRITERS: { readonly [Kind in TaskFieldKind]?: (value: never) => string } = {
  name: JSON.stringify,
  text,
  choice: text,
  instant,
  // The only flag is whether a task is done.
  flag: (finishedAt: number | null) => `${finishedAt !== null}`,
};

type Values = Readonly<Record<string, unknown>>;

/**
 * Makes the one mapper from a stored task to the resource of the API, as JSON text: payload, compatibility and result are
 * stored as JSON text and pass through unparsed.
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

/** What a client may see of a task. */
export type TaskText = (task: StoredTask) => string;

/** Stored tasks do not change: whoever polls one that is remembered gets the text that is. */
function remembering(textOf: TaskText): TaskText {
  const texts = new WeakMap<StoredTask, string>();
  return (task) => {
    const known = texts.get(task);
    if (known !== undefined) return known;
    const text = textOf(task);
    texts.set(task, text);
    return text;
  };
}

const wholeTask = remembering(resourceWriter(REPLY_FIELDS, true));

/** The same for who may not see what a task is about: payload and result are null. */
const taskWithoutPayload = remembering(resourceWriter(REPLY_FIELDS, false));

/** The resource as those see it whom `res` answers. */
export const taskTextFor = (res: HttpResponse): TaskText =>
  principalOf(res).seesPayloads ? wholeTask : taskWithoutPayload;

/** The resource of a queued task, with the outlook of its turn. */
export const withEstimate = (task: string, { position, estimatedStart }: Outlook): string =>
  `${task.slice(0, -1)},"queue_position":${position},"estimated_start_utc":${instant(estimatedStart)}}`;

/** The task resource, the proof of holding it, and the trace of whoever enqueued it. Who is to run a task sees what it is about. */
export const claimedTaskJson: (task: ClaimedTask) => string = resourceWriter(
  fieldsIn('reply', 'claimReply'),
  true,
);

/**
 * The weak tag of a task: its revision, which every change raises, and while it is queued its place in the queue, which moves
 * without one. Without payload and result it has another, so that nobody's cache takes the one for the other.
 */
export function entityTag(revision: number, seesPayloads: boolean, position: number | null): string {
  const state = seesPayloads ? `${revision}` : `${revision}-hidden`;
  return position === null ? `W/"${state}"` : `W/"${state}.${position}"`;
}

const TAG = /^\s*(?:W\/)?("[^"]*")\s*(?:,|$)/;

/** The tags of an `If-None-Match` header, weak ones as strong ones, up to the place where it goes wrong (RFC 9110, 13.1.2). */
function* tagsIn(header: string): Generator<string> {
  let rest = header;
  for (let match = TAG.exec(rest); match; match = TAG.exec(rest)) {
    yield match[1] as string;
    rest = rest.slice(match[0].length);
  }
}

const strong = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);

/** Whether an `If-None-Match` header names the tag: in a list, weak or strong, or by `*`, which names every one. */
export function namesTag(header: string, tag: string): boolean {
  // What nearly every poll sends.
  if (header === tag || header.trim() === '*') return true;
  const wanted = strong(tag);
  for (const named of tagsIn(header)) if (named === wanted) return true;
  return false;
}

/** Whether the header names the revision, wherever in the queue the task was then. */
export function namesRevision(header: string, revision: number, seesPayloads: boolean): boolean {
  if (header.trim() === '*') return true;
  const wanted = strong(entityTag(revision, seesPayloads, null));
  for (const named of tagsIn(header)) if (named.replace(/\.\d+"$/, '"') === wanted) return true;
  return false;
}
