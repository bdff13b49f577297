import { SpooliteError } from '../domain/spoolite-error.js';

/** What a change was answered with could not be made: an error reply would say that the change was not stored. */
export class AnswerLost extends Error {}

/**
 * Answers a change that is stored. What is the client's to know (its task is gone meanwhile) is thrown on; anything else
 * as AnswerLost, on which the connection ends without an answer, as that is what "unknown" looks like.
 */
export async function afterCommit(answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (error instanceof SpooliteError && error.code === 'TASK_NOT_FOUND') throw error;
    throw new AnswerLost('The change is stored, but could not be answered', { cause: error });
  }
}
