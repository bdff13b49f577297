import type { Claimer, ClaimRequest } from '../lease-repository.js';

/** Work in one turn of the event loop: capabilities that are looked up, about; each claimer counts as so many more. */
export const WORK_A_TURN = 2_000;
const CLAIMER_AS_CAPABILITIES = 50;

/** Capabilities that a claim looks up in about the time in which it takes a task. */
const CAPABILITIES_A_TASK = 20;

const countOffered = ({ capabilities }: Claimer): number =>
  Object.values(capabilities).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
    0,
  );

/** How much work it is to look what there is for a claimer. */
export const lookWork = (claimer: Claimer): number => CLAIMER_AS_CAPABILITIES + countOffered(claimer);

/** How many tasks' work a claim is, for the writer: it looks at what is offered, and at the tasks that it takes. */
export const claimWeight = (request: ClaimRequest): number =>
  request.limit + Math.floor(countOffered(request) / CAPABILITIES_A_TASK);
