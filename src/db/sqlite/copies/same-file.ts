import { resolve } from 'node:path';
import { fileIdentity } from '../file-identity.js';

/** Whether two names, which need not be of files that are there, lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const identity = fileIdentity(one);
  return identity !== null && identity === fileIdentity(other);
}
