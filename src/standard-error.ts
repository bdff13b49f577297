import { write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** A place for text that may take it slowly, in part, or not at all. */
export interface TextOutput {
  /** Calls `onDone` with the bytes that were not taken; null when all were. Never throws. */
  write(text: string, onDone: (rest: Buffer | null) => void): void;
  /** For a process that ends now: takes what can be taken without waiting. Never throws. */
  writeNow(text: string): void;
}

const STDERR = 2;

/**
 * Has writes to a terminal return at once, as those to pipes and sockets do. Node has them wait, and output that somebody
 * has paused (Ctrl-S) would stop the whole program. There is no public call for it.
 */
export function neverWait(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): void } };
  handle?.setBlocking?.(false);
}

/** A pipe, a socket or a terminal. What nobody reads waits here, and is given up when the process ends. */
function streamOutput(stream: NodeJS.WriteStream): TextOutput {
  neverWait(stream);
  // Each write reports its own error; without a listener the first one would end the process.
  stream.on('error', () => undefined);
  return {
    write: (text, onDone) => void stream.write(text, (error) => onDone(error ? Buffer.from(text) : null)),
    writeNow: (text) => void stream.write(text),
  };
}

/** A file. Writes happen beside the event loop: a disk may be slow. */
function fileOutput(descriptor: number): TextOutput {
  const writeRest = (rest: Buffer, onDone: (rest: Buffer | null) => void): void =>
    write(descriptor, rest, (error, count) => {
      if (error || count === 0) onDone(rest);
      else if (count === rest.length) onDone(null);
      else writeRest(rest.subarray(count), onDone);
    });
  return {
    write: (text, onDone) => writeRest(Buffer.from(text), onDone),
    writeNow(text) {
      try {
        writeSync(descriptor, text);
      } catch {
        // The process ends, and nothing is left that could hear of it.
      }
    },
  };
}

/** The process's standard error, whatever it is connected to. */
export const standardError = (): TextOutput =>
  process.stderr instanceof Socket ? streamOutput(process.stderr) : fileOutput(STDERR);
