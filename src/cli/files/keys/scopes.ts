import { InvalidArgumentError } from 'commander';
import { SCOPES, type Scope } from '../../../domain/scope.js';

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** `enqueue,read` → the scopes, each once. */
export function scopes(text: string): Scope[] {
  const named = [...new Set(text.split(',').map((name) => name.trim()))];
  if (named.every(isScope)) return named;
  throw new InvalidArgumentError(`They must be of ${SCOPES.join(', ')}, separated by commas.`);
}
