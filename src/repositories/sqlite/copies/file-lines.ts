import { closeSync, openSync, readSync } from 'node:fs';
import { LineProblem } from '../../../admin/transfer/transfer-task.js';

const CHUNK_BYTES = 256 * 1024;

/** As much as can be taken apart in memory. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 10;

function decoded(parts: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)).replace(/\r$/, '');
  } catch {
    throw new LineProblem('this is not UTF-8');
  }
}

function* chunksOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const bytes = readSync(descriptor, chunk);
      if (bytes === 0) return;
      yield chunk.subarray(0, bytes);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The lines of a text, without what ends them; memory grows with the longest one only. Throws {@link LineProblem}. */
export function* fileLines(file: string): Generator<string> {
  let begun: Buffer[] = [];
  let length = 0;
  for (const chunk of chunksOf(file)) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      yield decoded([...begun, chunk.subarray(from, end)]);
      from = end + 1;
      begun = [];
      length = 0;
    }
    begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES) throw new LineProblem(`longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (length > 0) yield decoded(begun);
}
