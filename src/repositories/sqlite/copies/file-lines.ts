import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LineProblem } from '../../../domain/transfer/line-problem.js';

const CHUNK_BYTES = 256 * 1024;

/** Characters of a line: as many as a text may have that has to be taken apart in memory. */
const MAX_LINE = 256 * 1024 * 1024;

/** The lines of a file of UTF-8, without what ends them; memory grows with the longest one only. */
export function* fileLines(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let begun: string[] = [];
  let length = 0;
  try {
    for (;;) {
      const bytes = readSync(descriptor, chunk);
      if (bytes === 0) break;
      const [first = '', ...others] = decoder.write(chunk.subarray(0, bytes)).split('\n');
      begun.push(first);
      length += first.length;
      if (length > MAX_LINE) throw new LineProblem(`longer than ${MAX_LINE} characters`);
      for (const other of others) {
        yield begun.join('').replace(/\r$/, '');
        begun = [other];
        length = other.length;
      }
    }
    const last = begun.join('') + decoder.end();
    if (last !== '') yield last;
  } finally {
    closeSync(descriptor);
  }
}
