/** Says on standard error what is being done: one line that changes on a terminal, else a line each. */
export class Progress {
  readonly #start = performance.now();

  say(text: string): void {
    const seconds = Math.round((performance.now() - this.#start) / 1000);
    const line = `[${seconds} s] ${text}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}
