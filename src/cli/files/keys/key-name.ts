import { InvalidArgumentError } from 'commander';
import { keyNameProblem } from '../../../domain/api-key.js';

/** The name of a key that is to be made. */
export function keyName(text: string): string {
  const name = text.trim();
  const problem = keyNameProblem(name);
  if (problem) throw new InvalidArgumentError(`It ${problem}.`);
  return name;
}
