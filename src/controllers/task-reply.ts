import type { Clock } from '../domain/clock.js';
import { pollAdviceSeconds } from '../domain/poll-advice.js';
import type { StoredTask } from '../domain/stored-task.js';
import { accessOf } from './access/access.js';
import { entityTag, namesTag } from './entity-tag.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import type { QueueOutlook } from './queue-outlook.js';
import type { Reply } from './reply.js';
import { sendJson } from './send-json.js';
import { taskTextFor, withOutlook } from './task-resource.js';
import type { TypeEstimates } from './type-estimates.js';

/** Every reply that is one task: with its tag, and with advice when to ask again while it is not done. */
export class TaskReply {
  readonly #estimates: TypeEstimates;
  readonly #outlook: QueueOutlook;
  readonly #clock: Clock;
  readonly #budget: ReplyBudget;

  constructor(estimates: TypeEstimates, outlook: QueueOutlook, clock: Clock, budget: ReplyBudget) {
    this.#estimates = estimates;
    this.#outlook = outlook;
    this.#clock = clock;
    this.#budget = budget;
  }

  /** 200 with the task; 304 without where `ifNoneMatch`, the header of that name, says that the client has it. */
  async send(res: Reply, task: StoredTask, ifNoneMatch?: string): Promise<void> {
    const outlook = task.status === 'queued' ? await this.#outlook.of(task) : null;
    const tag = entityTag(task.revision, accessOf(res).seesPayloads, outlook?.position ?? null);
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (task.finishedAt === null) res.setHeader('Retry-After', await this.#advice(task));
    // Before the body is built: a poll that learns nothing new costs no more than its tag.
    if (ifNoneMatch === undefined || !namesTag(ifNoneMatch, tag)) {
      const text = taskTextFor(res)(task);
      const json = outlook ? withOutlook(text, outlook) : text;
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
