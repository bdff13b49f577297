import type { Claimer, ClaimRequest } from '../lease-repository.js';

/** Work in one turn of the event loop: capabilities looked up, roughly; each claimer adds a fixed number. */
export const WORK_A_TURN = 2_000;
const CLAIMER_AS_CAPABILITIES = 50;

/** Capabilities that a claim looks up in about the time of taking a task. */
const CAPABILITIES_A_TASK = 20;

const countOffered = ({ capabilities }: Claimer): number =>
  Object.values(capabilities).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
    0,
  );

/** The work of checking for a claimer's tasks. */
export const lookWork = (claimer: Claimer): number => CLAIMER_AS_CAPABILITIES + countOffered(claimer);

/** The weight of a claim for the writer, in tasks: its capabilities are looked up, and its tasks taken. */
export const claimWeight = (request: ClaimRequest): number =>
  request.limit + Math.floor(countOffered(request) / CAPABILITIES_A_TASK);
